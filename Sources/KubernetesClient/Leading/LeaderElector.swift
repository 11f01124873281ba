internal import HTTPTransport
internal import Locking
internal import Timekeeping

/// Takes part in the election of a leader by a lease, as the field's controllers do.
///
/// A write as the leader is preceded by a look at ``leadership``, which ends by itself in time. In good order, who
/// writes stops first and the elector after it: its ``run()`` then releases the lease, and another takes over
/// at once.
///
/// Candidates watch the lease. So they know of a renewal when it happens, not up to a retry period later, and take
/// over when the lease's duration has passed since the last one. While the watch is interrupted they read the lease
/// every retry period.
public actor LeaderElector {
  /// How an election stands.
  public struct Standing: Sendable, Hashable {
    /// Whether this candidate leads.
    public var isLeader = false
    /// Who holds the lease, when that is known.
    public var holder: String?
    /// Why the last try to read or write the lease failed, if it did.
    public var problem: KubernetesError?
  }

  /// Whether this process may act as the leader, right now.
  public nonisolated let leadership: Leadership
  /// The candidate's name. No two candidates may ever share one.
  public nonisolated let identity: String

  /// The lease.
  public nonisolated let lease: LeaseReference
  /// What it asks with; whoever made it shuts it down.
  public nonisolated let client: KubernetesClient

  private let timing: ElectionTiming
  private var candidacy: Candidacy
  private var standing = Standing()
  private var listeners: [Int: AsyncStream<Standing>.Continuation] = [:]
  private var nextListener = 0
  /// Whether the watch tells of changes.
  private var isWatching = false
  /// Opened when the watch tells something that the pause between two rounds must not outlast.
  private var news = Latch()

  /// Makes a candidate. Nothing happens until ``run()``.
  /// - Parameters:
  ///   - client: One of its own, so that renewals do not wait behind other requests.
  ///   - host: What people recognize the candidate by, such as the pod's name. Something unique is added: a
  ///     process that takes another's place must not inherit its leadership.
  public init(
    client: KubernetesClient, lease name: String, in namespace: String, host: String,
    timing: ElectionTiming = ElectionTiming()
  ) {
    self.client = client
    lease = LeaseReference(namespace: namespace, name: name)
    self.timing = timing
    let unique = (0..<4).map { _ in UInt32(client.randomness.fraction(in: 0...0xffff_ffff)) }
    identity = "\(host)_\(unique.map { String($0, radix: 16) }.joined())"
    leadership = Leadership(time: client.time, timing: timing)
    candidacy = Candidacy(identity: identity, name: name, namespace: namespace, timing: timing)
  }

  /// How the election stands.
  public var current: Standing { standing }

  /// Whether somebody leads, as far as this candidate knows: itself, or another whose lease has not run out.
  public var isLed: Bool {
    leadership.isHeld || candidacy.holder != nil && candidacy.wait(at: client.time.now()) != nil
  }

  /// How the election stands, now and after each change. Who is slow misses what lies in between, never the
  /// latest. Ends with ``run()``.
  public func standings() -> AsyncStream<Standing> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Standing.self, bufferingPolicy: .bufferingNewest(1))
    let number = nextListener
    nextListener += 1
    listeners[number] = continuation
    continuation.onTermination = { [weak self] _ in
      // Nobody waits for it: the listener is gone.
      Task { await self?.remove(number) }
    }
    continuation.yield(standing)
    return stream
  }

  private func remove(_ number: Int) { listeners[number] = nil }

  /// Takes part until the task is cancelled; then releases the lease, if it is held.
  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.watch() }
      while !Task.isCancelled {
        let problem = await round()
        publish(problem)
        await pause()
        publish(standing.problem)
      }
      group.cancelAll()
    }
    await release()
    for listener in listeners.values { listener.finish() }
    listeners = [:]
  }

  /// Waits until the next round, or until the watch tells something.
  private func pause() async {
    let length = pauseLength
    let time = client.time
    // Cancelled: the loop of rounds sees it.
    await news.whileClosed { try? await time.sleep(length) }
    news = Latch()
  }

  /// Until the next round, until leadership ends, or until another's lease does.
  private var pauseLength: Duration {
    let period = timing.retryPeriod * client.randomness.fraction(in: 1...1.2)
    if let rest = leadership.remaining { return min(period, rest) }
    guard let wait = candidacy.wait(at: client.time.now()) else { return period }
    return isWatching ? wait : min(period, wait)
  }

  /// Follows the lease until the task is cancelled.
  private func watch() async {
    // A holder renews more often than this, so that silence says that the connection is dead, or the holder. Where
    // watching is forbidden, it is tried again at this pace.
    let options = WatchOptions(idleTimeout: timing.duration, longestPause: timing.duration)
    let changes = ObjectChanges(
      Lease.self, .object(lease.name, in: lease.namespace), client: client, options: options)
    for await change in changes {
      switch change {
      case .listed(let leases): notice(leases.first)
      case .changed(let lease): notice(lease)
      case .deleted: notice(nil)
      case .unchanged: isWatching = true
      case .interrupted:
        isWatching = false
        news.open()
      }
    }
  }

  private func notice(_ lease: Lease?) {
    isWatching = true
    let holder = candidacy.holder
    let now = client.time.now()
    candidacy.noticed(lease, at: now)
    // A renewal by the same holder is no reason to do anything before that one ends.
    if candidacy.holder != holder || candidacy.wait(at: now) == nil, !leadership.isHeld { news.open() }
  }

  /// How long a request of this round may take. A few fit into the time of a leader, and none outlasts it.
  private var deadline: Duration {
    let usual = timing.renewDeadline / 3
    return min(usual, leadership.remaining ?? usual)
  }

  /// Does what is to be done about the lease now.
  /// - Returns: What went wrong.
  private func round() async -> KubernetesError? {
    var last: KubernetesError?
    // Read, write; and once more if somebody else wrote in between.
    for _ in 0..<4 where !Task.isCancelled {
      let now = client.time.now()
      do throws(KubernetesError) {
        switch candidacy.step(at: now, date: client.calendar()) {
        case .wait: return nil
        case .read: candidacy.found(try await read(), at: client.time.now())
        case .create(let lease):
          let written = try await client.create(lease, options: WriteOptions(deadline: deadline))
          return lead(written, sent: now)
        case .replace(let lease):
          let written = try await client.replace(lease, options: WriteOptions(deadline: deadline))
          return lead(written, sent: now)
        }
        leadership.set(candidacy.heldUntil)
      } catch {
        candidacy.isUncertain()
        guard [.conflict, .alreadyExists, .notFound].contains(error.code) else { return error }
        last = error
      }
    }
    return last
  }

  private func read() async throws(KubernetesError) -> Lease? {
    do throws(KubernetesError) {
      return try await client.get(
        Lease.self, candidacy.name, in: candidacy.namespace, deadline: deadline)
    } catch {
      if error.code == .notFound { return nil }
      throw error
    }
  }

  private func lead(_ lease: Lease, sent: Duration) -> KubernetesError? {
    candidacy.wrote(lease, sent: sent, at: client.time.now())
    leadership.set(candidacy.heldUntil)
    return nil
  }

  private func release() async {
    let mayHold = candidacy.resign()
    leadership.set(nil)
    publish(nil)
    guard mayHold else { return }
    // Not a child of this task, which is cancelled, and with it every request of it. If it fails, the others
    // wait until the lease runs out: nothing is lost but time.
    await Task { try? await giveUpLease() }.value
  }

  private func giveUpLease() async throws(KubernetesError) {
    let options = WriteOptions(deadline: deadline)
    // Reads first: the last renewal may have been cancelled on its way, and have happened or not.
    for _ in 0..<2 {
      guard let lease = try await read(), lease.holderIdentity == identity else { return }
      do throws(KubernetesError) {
        _ = try await client.replace(lease.released(at: client.calendar()), options: options)
        return
      } catch {
        guard error.code == .conflict else { throw error }
      }
    }
  }

  private func publish(_ problem: KubernetesError?) {
    let isLeader = leadership.isHeld
    let new = Standing(isLeader: isLeader, holder: candidacy.holder, problem: problem)
    guard new != standing else { return }
    standing = new
    for listener in listeners.values { listener.yield(new) }
  }
}
