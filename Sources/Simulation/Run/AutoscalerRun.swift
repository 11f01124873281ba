internal import Autoscaling

/// An autoscaler at work: its loops, and what it was told.
struct AutoscalerRun {
  private struct Round {
    let loop: AutoscalerLoop
    let period: SimulatedTime
    /// When the next round begins; the last moment there is while one is on its way.
    var nextAt: SimulatedTime
    var beganAt: SimulatedTime = 0
    var observation = QueueObservation.pending
  }

  private var model: any AutoscalerModel
  private var rounds: [Round] = []
  private var random: SeededRandom
  private let staggersLoops: Bool
  /// When a round begins next.
  private(set) var nextAt: SimulatedTime = .max
  /// Tells the autoscaler from the one before it was started anew.
  private(set) var generation: UInt32 = 0

  let name: String

  init(_ model: any AutoscalerModel, _ settings: Simulation) {
    self.model = model
    name = model.name
    random = SeededRandom(seed: settings.seed, purpose: 2)
    staggersLoops = settings.staggersLoops
    beginRounds(at: 0)
  }

  private mutating func beginRounds(at now: SimulatedTime) {
    rounds = model.loops.map { loop in
      let stagger = staggersLoops ? loop.period * random.unit() : .zero
      return Round(
        loop: loop, period: SimulatedTime(loop.period),
        nextAt: now.later(SimulatedTime(loop.offset + stagger)))
    }
    updateNext()
  }

  /// Begins the round that is due, and says which it is.
  mutating func begin(at now: SimulatedTime) -> (loop: Int, asksQueue: Bool) {
    guard let loop = rounds.firstIndex(where: { $0.nextAt == now }) else {
      preconditionFailure("no round is due")
    }
    rounds[loop].beganAt = now
    rounds[loop].nextAt = .max
    updateNext()
    return (loop, rounds[loop].loop.asksQueue)
  }

  /// Takes in an answer.
  mutating func take(_ observation: QueueObservation, loop: Int) { rounds[loop].observation = observation }

  /// What a loop was told last.
  func observation(loop: Int) -> QueueObservation { rounds[loop].observation }

  mutating func decide(loop: Int, _ view: AutoscalerView) -> ReplicaChange {
    model.decide(loop: loop, view)
  }

  /// Ends a round, which plans the next one.
  mutating func end(loop: Int, answeredAt answer: SimulatedTime, at now: SimulatedTime) {
    let round = rounds[loop]
    var next = max(round.beganAt.later(round.period), now)
    if round.loop.patience > 0 {
      let (rest, overflow) = (answer - round.beganAt).multipliedReportingOverflow(
        by: SimulatedTime(round.loop.patience))
      let longest = round.loop.longestPause.map { SimulatedTime($0) } ?? .max
      next = max(next, answer.later(min(overflow ? .max : rest, longest)))
    }
    rounds[loop].nextAt = next
    updateNext()
  }

  /// Something arrived in an empty queue: loops that wait for that begin at once.
  mutating func wake(at now: SimulatedTime) {
    for index in rounds.indices
    where rounds[index].loop.beginsWithFirstArrival && rounds[index].nextAt < .max {
      rounds[index].nextAt = now
    }
    updateNext()
  }

  /// Ends every round, and begins none.
  mutating func stop() {
    generation &+= 1
    rounds = []
    updateNext()
  }

  /// Starts anew.
  mutating func start(at now: SimulatedTime) {
    model.restart()
    beginRounds(at: now)
  }

  private mutating func updateNext() {
    nextAt = rounds.reduce(.max) { min($0, $1.nextAt) }
  }
}
