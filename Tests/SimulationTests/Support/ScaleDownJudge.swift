import Autoscaling
import Simulation

/// Finds scale-downs that nothing allowed.
///
/// A decision to have fewer replicas is wrong
/// - if it was made without an answer of the queue;
/// - if, since the autoscaler started, it had not yet been told anything for a whole window before the question
///   that it decides on;
/// - if there was no answer for longer than the staleness limit within that window;
/// - if it wants fewer replicas than a demand needed that the queue truly had, and told, at any time within that
///   window: at one of its questions, or at the last one before it, which counts until the next. A lie counts like
///   a true answer there, if it does not contradict what was told before, or was told twice: nobody can know
///   better.
///
/// A change to fewer replicas is wrong if the latest decision before it was sent did not ask for that, or for
/// fewer.
struct ScaleDownJudge {
  /// A scale-down that nothing allowed.
  struct Violation: CustomStringConvertible {
    let description: String
  }

  private struct Known {
    let askedAt: ScalingInstant
    let needed: Int
    /// When the next answer was asked for that could be believed.
    var countsUntil: ScalingInstant?
  }

  private let policy: ScalingPolicy
  private(set) var violations: [Violation] = []
  private(set) var scaleDowns = 0
  private(set) var decisions = 0
  private var asked: (at: ScalingInstant, demand: Int, isTrue: Bool)?
  /// What the queue truly told.
  private var known: [Known] = []
  /// When questions were asked that had an answer, and when the first of them was decided on.
  private var answered: [ScalingInstant] = []
  private var beganAt: ScalingInstant?
  /// The fewest replicas that the latest decision allows.
  private var allowed = Int.max
  private var believed: QueueReading?
  private var doubted: QueueReading?
  private var sent: Set<Int> = []

  init(_ policy: ScalingPolicy) {
    self.policy = policy
  }

  mutating func take(_ event: SimulationEvent) {
    switch event {
    case .asked(let at, let demand, let isTrue):
      asked = (at, demand, isTrue)
    case .restarted:
      known = []
      (believed, doubted) = (nil, nil)
      answered = []
      beganAt = nil
      asked = nil
      allowed = .max
    case .decided(let at, _, let observation, let current, let change):
      decisions += 1
      allowed = wanted(change) ?? current
      if case .reading(let reading) = observation, let asked { learn(reading, asked, at: at) }
      if allowed < current {
        scaleDowns += 1
        judge(observation, at: at, from: current, to: allowed)
      }
    case .sent(let at, let from, let to):
      sent.insert(to)
      if to < from, to < allowed {
        violations.append(Violation(description: "\(at): sent \(from) to \(to), \(allowed) were decided"))
      }
    case .changed(let at, let from, let to):
      if !sent.contains(to) {
        violations.append(Violation(description: "\(at): changed \(from) to \(to), which nobody sent"))
      }
    }
  }

  private func wanted(_ change: ReplicaChange) -> Int? {
    switch change {
    case .none: nil
    case .replicas(let replicas), .replicasSparingBusy(let replicas, _): replicas
    }
  }

  private mutating func learn(
    _ reading: QueueReading, _ asked: (at: ScalingInstant, demand: Int, isTrue: Bool), at now: ScalingInstant
  ) {
    answered.append(asked.at)
    if beganAt == nil { beganAt = now }
    let isBelievable = believed.map { follows(reading, $0) } ?? true
    let isConfirmed = doubted.map { follows(reading, $0) } ?? false
    if isBelievable || isConfirmed { (believed, doubted) = (reading, nil) } else { doubted = reading }
    if asked.isTrue || isBelievable || isConfirmed, let last = known.indices.last,
      known[last].countsUntil == nil
    {
      known[last].countsUntil = asked.at
    }
    if asked.isTrue {
      known.append(Known(askedAt: asked.at, needed: policy.replicasNeeded(for: asked.demand)))
    }
  }

  /// Whether the same queue can have told both: what left it has ended.
  private func follows(_ reading: QueueReading, _ earlier: QueueReading) -> Bool {
    let ended = (reading.finished ?? 0) - (earlier.finished ?? 0)
    return reading.source == earlier.source && ended >= 0 && earlier.demand - reading.demand <= ended
  }

  private mutating func judge(
    _ observation: QueueObservation, at now: ScalingInstant, from current: Int, to replicas: Int
  ) {
    func object(_ reason: String) {
      violations.append(Violation(description: "\(now): decided \(current) to \(replicas), \(reason)"))
    }
    guard case .reading(let reading) = observation, let beganAt else {
      return object("without an answer")
    }
    let begin = reading.observedAt.advanced(by: .zero - policy.scaleDown.window)
    if beganAt > begin { object("observed only since \(beganAt)") }
    for (earlier, later) in zip(answered, answered.dropFirst()) where later > begin {
      if earlier.duration(to: later) > policy.stalenessLimit { object("blind since \(earlier)") }
    }
    let counting = known.filter { $0.countsUntil.map { $0 > begin } ?? true }
    let needed = policy.bounds(at: nil).bounded(counting.map(\.needed).max() ?? 0)
    if replicas < needed { object("where \(needed) were needed") }
  }
}
