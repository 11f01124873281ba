public import Autoscaling
internal import YAML

extension ScalingPolicy {
  /// The settings that a search chooses, as keys of a scaler in the configuration.
  public var searchedSettings: String {
    """
    processesPerReplica: \(processesPerReplica)
    min: \(min)
    max: \(max)
    pollInterval: \(DurationSyntax.text(pollInterval))
    scaleUp:
      tolerance: \(scaleUp.tolerance)
      stabilizationWindow: \(DurationSyntax.text(scaleUp.stabilizationWindow ?? .zero))
    scaleDown:
      idleFor: \(DurationSyntax.text(scaleDown.idleFor))
      tolerance: \(scaleDown.behavior.tolerance)
    """
  }
}
