internal import Autoscaling
internal import Colonies
internal import Timekeeping

/// Asks one queue again and again, for all scalers of it.
///
/// Waits for nothing but the queue: a scaler takes what it is offered in its own time.
///
/// A server that answers slowly is asked less often: after an answer it is left alone four times as long as the
/// answer took, so that it is busy with this queue for at most a fifth of the time; but never for longer than
/// ``longestPause``.
struct QueuePoller: Sendable {
  /// A scaler that is told what was observed.
  struct Subscriber: Sendable {
    let executorType: String
    /// Whether its workers may be given drain orders.
    var givesOrders = false
    let offer: @Sendable (QueueObservation) -> Void
  }

  let address: QueueAddress
  let reader: any QueueReader
  let interval: Duration
  /// The longest time without a question, however slow the answers are; ``interval`` where that is longer.
  let longestPause: Duration
  let subscribers: [Subscriber]
  let time: Timekeeper

  /// How many times as long as an answer took the server is left alone.
  static let patience = 4

  /// Polls until cancelled.
  func run() async {
    while !Task.isCancelled {
      let begin = time.now()
      await poll()
      let took = time.now() - begin
      let rest = max(interval - took, min(took * Self.patience, longestPause))
      // Ends early only by cancellation, which ends the loop too.
      if rest > .zero { try? await time.sleep(rest) }
    }
  }

  /// Reads the queue once, and tells everybody.
  func poll() async {
    let types = Set(subscribers.map(\.executorType))
    // The counts may be as old as the question.
    let asked = time.instant()
    let ordered = Set(subscribers.filter(\.givesOrders).map(\.executorType))
    let counts = await attempt { try await reader.counts(orderedTypes: ordered) }
    guard types.count > 1 else { return offer { _ in counts.flatMap { exact($0, at: asked) } } }
    var readings: [String: Result<QueueReading, PollError>] = [:]
    switch counts {
    case .failure(let error): return offer { _ in .failure(error) }
    case .success(let counts):
      let shares = await shares(of: types)
      for type in types { readings[type] = share(of: type, shares, counts, at: asked) }
    }
    offer { readings[$0] ?? .failure(PollError(message: "the queue was not read")) }
  }

  private func offer(_ reading: (String) -> Result<QueueReading, PollError>) {
    // What a cancellation broke off says nothing about the queue.
    guard !Task.isCancelled else { return }
    let now = time.instant()
    for subscriber in subscribers {
      switch reading(subscriber.executorType) {
      case .success(let reading): subscriber.offer(.reading(reading))
      case .failure(let error):
        subscriber.offer(.failure(QueueFailure(failedAt: now, message: error.message)))
      }
    }
  }

  // MARK: One executor type

  /// With one type, all processes of the colony are taken to be of it: then one call is enough, and exact.
  private func exact(_ counts: QueueCounts, at instant: ScalingInstant) -> Result<QueueReading, PollError> {
    reading(
      waiting: counts.waiting, running: counts.running, finished: counts.finished, at: instant,
      from: "statistics of colony \(address.colonyName)", .exact)
  }

  // MARK: Several executor types

  /// The processes of one type.
  private struct Listings {
    let waiting: ProcessListing
    let running: ProcessListing
  }

  private typealias Share = Result<Listings, PollError>

  private func shares(of types: Set<String>) async -> [String: Share] {
    await withTaskGroup(of: (String, Share).self) { group in
      for type in types {
        group.addTask {
          let share = await attempt {
            Listings(
              waiting: try await reader.processes(.waiting, executorType: type),
              running: try await reader.processes(.running, executorType: type))
          }
          return (type, share)
        }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
  }

  /// A type's part of a colony's processes: what the lists say, or, where one is cut off, the colony's count
  /// less what is known to belong to others.
  private func share(
    of type: String, _ shares: [String: Share], _ counts: QueueCounts, at instant: ScalingInstant
  ) -> Result<QueueReading, PollError> {
    guard let share = shares[type] else { return .failure(PollError(message: "the queue was not read")) }
    return share.flatMap { own in
      func most(_ count: Int, _ list: KeyPath<Listings, ProcessListing>) -> Int {
        let others = shares.filter { $0.key != type }.values
        let known = others.reduce(0) { sum, other in
          if case .success(let other) = other { sum + other[keyPath: list].count } else { sum }
        }
        let listed = own[keyPath: list]
        return listed.isComplete ? listed.count : max(count - known, listed.count)
      }
      let isComplete = own.waiting.isComplete && own.running.isComplete
      return reading(
        waiting: most(counts.waiting, \.waiting), running: most(counts.running, \.running),
        finished: counts.finished, isFinishedShared: true, at: instant,
        from: "processes of type \(type) in colony \(address.colonyName)", isComplete ? .exact : .atMost)
    }
  }

  // MARK: Parts

  private func reading(
    waiting: Int, running: Int, finished: Int, isFinishedShared: Bool = false, at instant: ScalingInstant,
    from source: String,
    _ exactness: QueueReading.Exactness
  ) -> Result<QueueReading, PollError> {
    let colony = address.colony.id.isEmpty ? address.colony.name : address.colony.id
    do {
      return .success(
        try QueueReading(
          waiting: waiting, running: running, finished: finished, isFinishedShared: isFinishedShared,
          observedAt: instant, source: QueueSource(name: source, colony: colony), exactness: exactness))
    } catch {
      return .failure(PollError(message: "the server's answer makes no sense: \(error)"))
    }
  }

  private func attempt<Value: Sendable>(
    _ operation: @escaping @Sendable () async throws -> Value
  ) async -> Result<Value, PollError> {
    do {
      return .success(try await time.within(address.server.deadline, operation))
    } catch {
      return .failure(PollError(message: "\(error)"))
    }
  }
}

/// Why a queue could not be read.
struct PollError: Error, Hashable {
  let message: String
}
