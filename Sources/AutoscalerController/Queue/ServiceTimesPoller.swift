internal import Autoscaling
internal import Timekeeping

/// Asks one queue now and then how long its processes take, for the scalers that have objectives.
///
/// Such a question costs a server far more than one for counts, so it is asked seldom: every 30 seconds, and, where
/// answers take long, so seldom that the server answers for at most a fiftieth of the time.
struct ServiceTimesPoller: Sendable {
  /// A scaler that is told what was measured.
  struct Subscriber: Sendable {
    let executorType: String
    let offer: @Sendable (ServiceTimesObservation) -> Void
  }

  let address: QueueAddress
  let reader: any QueueReader
  let subscribers: [Subscriber]
  let time: Timekeeper

  /// The time between two questions.
  static let interval: Duration = .seconds(30)
  /// How many times as long as an answer took it is waited at least.
  static let patience = 49

  /// Asks until cancelled.
  func run() async {
    while !Task.isCancelled {
      let begin = time.now()
      await poll()
      let took = time.now() - begin
      // Ends early only by cancellation, which ends the loop too.
      try? await time.sleep(max(Self.interval - took, took * Self.patience))
    }
  }

  /// Asks once, and tells everybody.
  func poll() async {
    for type in Set(subscribers.map(\.executorType)).sorted() {
      let observation = await observe(type)
      // What a cancellation broke off says nothing about the queue.
      guard !Task.isCancelled else { return }
      for subscriber in subscribers where subscriber.executorType == type { subscriber.offer(observation) }
    }
  }

  private func observe(_ type: String) async -> ServiceTimesObservation {
    let asked = time.instant()
    do {
      let times = try await time.within(address.server.deadline) {
        try await reader.serviceTimes(executorType: type)
      }
      let sum = times.reduce(.zero, +)
      return .known(
        ServiceTimes(
          count: times.count, mean: times.isEmpty ? .zero : sum / times.count, observedAt: asked))
    } catch {
      return .failed("\(error)")
    }
  }
}
