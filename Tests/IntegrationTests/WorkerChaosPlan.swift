import TestSupport

/// What happens to the workers and to their server, and when: everything random of a chaos test.
struct WorkerChaosPlan: Sequence, IteratorProtocol, Sendable {
  enum Event: Sendable, Equatable {
    /// Ends a worker at once. It is started again.
    case killWorker(Int)
    /// Asks a worker to end in good order. It is started again.
    case stopWorker(Int)
    /// Has a worker stand still, longer than some leases last.
    case freezeWorker(Int, Duration)
    /// Ends the server at once and starts it again.
    case killServer
    /// Ends the server in good order and starts it again.
    case restartServer
  }

  private var generator: SplitMix64
  private let workers: Int

  init(seed: UInt64, workers: Int) {
    generator = SplitMix64(seed: seed)
    self.workers = workers
  }

  /// The next event, and how long nothing happens before it.
  mutating func next() -> (wait: Duration, event: Event)? {
    let wait = Duration.milliseconds(generator.next(in: 50...900))
    let worker = generator.next(in: 0...workers - 1)
    switch generator.next(in: 1...100) {
    case ...55: return (wait, .killWorker(worker))
    case ...75: return (wait, .stopWorker(worker))
    case ...85: return (wait, .freezeWorker(worker, .milliseconds(generator.next(in: 500...8000))))
    case ...95: return (wait, .killServer)
    default: return (wait, .restartServer)
    }
  }
}
