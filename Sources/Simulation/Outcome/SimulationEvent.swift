public import Autoscaling

/// Something that happened in a simulation between the autoscaler and what it scales, for whoever wants to watch
/// or judge it.
public enum SimulationEvent: Sendable, Hashable {
  /// The queue was asked.
  ///
  /// - Parameters:
  ///   - demand: What truly waited and ran.
  ///   - isTrue: Whether that will be the answer, if one comes at all.
  case asked(at: ScalingInstant, demand: Int, isTrue: Bool)
  /// A round of a loop ended in a decision.
  case decided(at: ScalingInstant, loop: Int, observation: QueueObservation, current: Int, ReplicaChange)
  /// A change of the number of replicas was sent. It may be refused, or arrive late.
  case sent(at: ScalingInstant, from: Int, to: Int)
  /// The number of replicas was changed.
  case changed(at: ScalingInstant, from: Int, to: Int)
  /// The autoscaler started anew.
  case restarted(at: ScalingInstant)
}
