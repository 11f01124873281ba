/// What a scaler scales.
public enum TargetConfiguration: Sendable, Hashable {
  /// Worker processes on this machine, started and supervised by the autoscaler itself.
  case localProcesses(LocalProcessConfiguration)

  /// What the file calls the kinds of targets.
  enum Kind: String, CaseIterable {
    case localProcesses = "LocalProcesses"
  }
}
