/// What a scaler scales.
public enum TargetConfiguration: Sendable, Hashable {
  /// Worker processes on this machine, started and supervised by the autoscaler itself.
  case localProcesses(LocalProcessConfiguration)
  /// A Deployment, a StatefulSet, or anything else in a cluster that can be scaled.
  case scalable(ScaleTargetConfiguration)

  /// What the file calls worker processes on this machine. Every other kind is one of a cluster.
  static let localProcessesKind = "LocalProcesses"
}
