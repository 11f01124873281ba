/// A step that comes if demand stays as it is.
public struct ScalingStep: Sendable, Hashable {
  /// The replicas after the step.
  public let replicas: Int
  /// The step comes with the first reading observed at this moment or later.
  public let at: ScalingInstant
}
