/// Why a decision is what it is: the inputs, the formulas with their numbers, the limits that applied, and
/// what would change the outcome. Holds are explained like changes.
///
/// Holds numbers only; text is made when it is asked for, so that a simulation pays nothing for it.
public struct Explanation: Sendable, Hashable {
  /// When the decision was made.
  public let decidedAt: ScalingInstant
  /// The replicas that were wanted before.
  public let current: Int
  /// The replicas that were decided.
  public internal(set) var replicas: Int
  /// The main reason.
  public internal(set) var reason: ScalingReason
  /// The rules that were applied.
  public let policy: ScalingPolicy
  /// The fewest and the most replicas at the time; not more than there are where capacity is short.
  public let bounds: ReplicaBounds
  /// The shortage that made the bounds what they are; nil when none did.
  public let capacity: CapacityCap?
  /// The time since the beginning of 1970, UTC; nil when it was not known.
  public let wallTime: Duration?
  /// What is known about the queue, and what follows from it.
  public let basis: ScalingBasis
  /// What limits changes whatever their reason; nil when nothing does.
  public let control: ChangeControl?
  /// The next step if demand and the bounds stay as they are; nil when none is due.
  public let nextStep: ScalingStep?
  /// Why the scaler is to change nothing; nil when it may.
  public let pause: ScalingPause?
  /// What would have been decided without the pause.
  public let replicasUnlessPaused: Int
  /// What the scale-in waits for that the decision led to; nil when none is under way.
  public internal(set) var scaleIn: ScaleInWait?

  /// Whether the decision is to have more, fewer or as many replicas.
  public var direction: Decision.Direction {
    replicas > current ? .up : replicas < current ? .down : .hold
  }
}
