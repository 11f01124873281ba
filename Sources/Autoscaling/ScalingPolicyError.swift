/// Everything that is wrong with the values given for a scaling policy.
public struct ScalingPolicyError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The problems; at least one.
  public let problems: [ScalingPolicyProblem]

  /// All problems in one line.
  public var description: String { problems.map(\.description).joined(separator: "; ") }
}
