internal import Autoscaling
internal import Colonies

/// What was seen in one look at a target, its pods and its workers.
struct ScaleInSight: Sendable {
  /// What is known, for the rules.
  let observation: ScaleInObservation
  /// The target's generation; nil when it is not known.
  let generation: Int?
  /// Why parts of it are missing, for people.
  let problems: [String]
  /// The workers of the pods, by their pods' names; empty when they are not known.
  let workers: [String: Executor]
  /// Registrations under other names.
  let others: [Executor]
  /// Whether there are no orders but those that were seen.
  let showsAllOrders: Bool
  /// Which pods the target takes away first.
  let victims: ScaleInPolicy.VictimOrder
}

/// A drain order that a scale-in knows of.
struct KnownOrder: Sendable, Hashable {
  /// Who it is for: a name, or, in the runtime API, an id.
  let addressee: String
  /// The pod whose worker that is; nil for an order that was found.
  let pod: String?
  /// When it ends by itself if nobody takes it, and when if somebody does: no sooner than these.
  let waitingEnds: ScalingInstant?
  let leaseEnds: ScalingInstant?
}
