internal import Autoscaling
internal import KubernetesClient
internal import Locking
internal import Timekeeping

/// Follows the selected objects of a kind, which the cluster may not have.
final class Watch<Object: KubernetesObject>: Sendable {
  typealias Snapshot = Reflector<Object>.Snapshot

  private struct State {
    /// How the API serves the kind, once that is known.
    var resource: APIResource?
    /// Why that is not known.
    var problem: KubernetesError?
    var reflector: Reflector<Object>?
    /// Whether the cluster has no such kind, so that there are no objects.
    var isAbsent = false
  }

  private let kind: ObjectKind
  private let selection: Selection
  private let client: KubernetesClient
  private let time: Timekeeper
  private let state: Locked<State>
  /// Opened when nobody needs the watch any more.
  private let ending = Latch()
  /// Opened when it is known what there is to follow.
  private let known = Latch()

  /// How long a kind that the cluster does not have is left alone: somebody may install it.
  private static var absence: Duration { .seconds(300) }
  /// The pause after a failed question.
  private static var pause: Duration { .seconds(2) }

  /// Follows objects of a kind that the API server has to be asked about, unless every cluster has it.
  init(_ kind: ObjectKind, _ selection: Selection, _ client: KubernetesClient, _ time: Timekeeper) {
    self.kind = kind
    self.selection = selection
    self.client = client
    self.time = time
    state = Locked(State(resource: kind.knownResource))
  }

  /// Follows objects of a resource that every cluster has.
  init(_ resource: APIResource, _ selection: Selection, _ client: KubernetesClient, _ time: Timekeeper) {
    kind = resource.objectKind
    self.selection = selection
    self.client = client
    self.time = time
    state = Locked(State(resource: resource))
  }

  /// How the API serves the kind; nil while that is not known.
  var resource: APIResource? { state.withLock { $0.resource } }

  /// How long ago the API server was last heard about the objects; zero as long as it never was.
  var silence: Duration {
    get async { await state.withLock { $0.reflector }?.silence ?? .zero }
  }

  /// Asks ``run()`` to return.
  func end() { ending.open() }

  /// Watches until cancelled, or told to end.
  func run() async {
    await ending.whileClosed { [self] in
      while !Task.isCancelled {
        guard let resource = await find() else { continue }
        let reflector = Reflector(Object.self, of: resource, selection, client: client)
        state.withLock {
          $0.resource = resource
          $0.reflector = reflector
          $0.isAbsent = false
          $0.problem = nil
        }
        known.open()
        await reflector.run()
      }
    }
  }

  /// Finds out how the API serves the kind; after a failure, waits.
  private func find() async -> APIResource? {
    if let resource { return resource }
    let wait: Duration
    do throws(KubernetesError) {
      return try await client.resource(apiVersion: kind.apiVersion, kind: kind.kind)
    } catch {
      let isAbsent = error.code == .notFound
      state.withLock {
        $0.isAbsent = isAbsent
        $0.problem = error
      }
      if isAbsent { known.open() }
      wait = isAbsent ? Self.absence : Self.pause
    }
    // Cancelled: the caller's loop sees it.
    try? await time.sleep(wait)
    return nil
  }

  /// The objects, once they have been listed.
  /// - Parameter patience: How long the first list is waited for.
  /// - Throws: When they have not been listed, or may not be. A kind that the cluster does not have has none.
  func listed(within patience: Duration) async throws(TargetError) -> Snapshot {
    if let snapshot = await present, snapshot.objects != nil { return snapshot }
    let waited = try? await time.within(patience) { [self] in await firstList() }
    if let waited = waited ?? nil, waited.objects != nil { return waited }
    let snapshot = await present
    if let snapshot, snapshot.objects != nil { return snapshot }
    if let problem = snapshot?.problem ?? state.withLock({ $0.problem }) {
      // Servers without a kind say so about its objects, too.
      if problem.code == .notFound { return .empty }
      throw TargetError(problem)
    }
    throw TargetError(.unavailable, "the API server has not answered yet about \(kind.kind) objects")
  }

  /// The objects, where acting on old knowledge does harm.
  /// - Parameters:
  ///   - patience: How long the first list is waited for.
  ///   - longestSilence: How long what was known is relied on when nothing is heard about it any more.
  /// - Throws: Also when they may not be listed any more, or there was silence for longer.
  func reliable(
    within patience: Duration, longestSilence: Duration
  ) async throws(TargetError) -> [String: Object] {
    let snapshot = try await listed(within: patience)
    let problem = snapshot.problem.map(TargetError.init)
    if let problem, [.denied, .refused].contains(problem.code) { throw problem }
    let silence = await silence
    guard silence >= longestSilence else { return snapshot.objects ?? [:] }
    // The kind is gone, and its objects with it. Servers that begin may say so for a moment.
    if problem?.code == .notFound { return [:] }
    throw TargetError(
      .unavailable,
      "nothing was heard about \(kind.kind) objects for \(silence.spelledOut)"
        + (problem.map { ": \($0.message)" } ?? ""))
  }

  /// What is known now; nil before there is anything to follow.
  var present: Snapshot? {
    get async {
      if state.withLock({ $0.isAbsent }) { return .empty }
      return await state.withLock { $0.reflector }?.current
    }
  }

  /// Waits for a list, or for the reason why there is none.
  private func firstList() async -> Snapshot? {
    await known.wait()
    if state.withLock({ $0.isAbsent }) { return .empty }
    guard let reflector = state.withLock({ $0.reflector }) else { return nil }
    for await snapshot in await reflector.snapshots() where snapshot.objects != nil || snapshot.problem != nil
    {
      return snapshot
    }
    return nil
  }
}

extension Reflector.Snapshot {
  /// No objects, for certain.
  static var empty: Self { Self(objects: [:]) }
}
