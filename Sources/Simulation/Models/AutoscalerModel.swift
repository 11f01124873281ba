/// Something that scales a simulated pool: the autoscaler of this package, or a model of another one.
public protocol AutoscalerModel: Sendable {
  /// What a report calls it.
  var name: String { get }
  /// What it does periodically: one loop or more, the same for as long as it lives.
  var loops: [AutoscalerLoop] { get }
  /// The fewest replicas that it can begin with; 0 unless it says otherwise.
  var initialReplicas: Int { get }
  /// Decides, at the end of one round of a loop.
  ///
  /// - Parameters:
  ///   - loop: The loop, as an index of ``loops``.
  ///   - view: What it can know then.
  mutating func decide(loop: Int, _ view: AutoscalerView) -> ReplicaChange
  /// Starts anew, with nothing but its configuration.
  mutating func restart()
}

extension AutoscalerModel {
  /// None.
  public var initialReplicas: Int { 0 }
}

/// What an autoscaler wants to be done.
public enum ReplicaChange: Sendable, Hashable {
  /// Nothing.
  case none
  /// So many replicas. Where there are more, the ReplicaSet chooses who goes, busy or not.
  case replicas(Int)
  /// So many replicas, but only idle ones go: they are taken off the queue first, and removed after a time to
  /// settle. Where too few are idle, more replicas stay.
  case replicasSparingBusy(Int, settle: Duration)
}
