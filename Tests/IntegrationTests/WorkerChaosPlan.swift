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
    /// Moves the time that the server sees by so many seconds: forward far enough that every lease ends and every
    /// worker seems silent for too long, or back by several leases.
    case moveServerClock(Int)
    /// The same for all workers.
    case moveWorkerClocks(Int)
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
    case ...50: return (wait, .killWorker(worker))
    case ...68: return (wait, .stopWorker(worker))
    case ...78: return (wait, .freezeWorker(worker, .milliseconds(generator.next(in: 500...8000))))
    case ...87: return (wait, .killServer)
    case ...91: return (wait, .restartServer)
    case ...96: return (wait, .moveServerClock(nextMove()))
    default: return (wait, .moveWorkerClocks(nextMove()))
    }
  }

  private mutating func nextMove() -> Int {
    generator.chance(50) ? generator.next(in: 1...3600) : -generator.next(in: 1...20)
  }
}
