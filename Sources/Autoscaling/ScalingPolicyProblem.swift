/// A value that a scaling policy cannot have.
public struct ScalingPolicyProblem: Sendable, Hashable, CustomStringConvertible {
  /// The setting, by the path it has in a configuration file.
  public enum Setting: String, Sendable, Hashable, CaseIterable {
    /// Processes per replica.
    case processesPerReplica
    /// The fewest replicas.
    case min
    /// The most replicas.
    case max
    /// The time between polls.
    case pollInterval
    /// The keep-alive before shrinking.
    case idleFor = "scaleDown.idleFor"
    /// The age at which a reading is too old.
    case stalenessLimit
    /// The failures before the fallback.
    case afterFailures = "fallback.afterFailures"
    /// The replicas of the fallback.
    case fallbackReplicas = "fallback.replicas"
  }

  /// The setting that is wrong.
  public let setting: Setting
  /// What it must be and what it is.
  public let message: String

  /// The setting and what is wrong with it.
  public var description: String { "\(setting.rawValue): \(message)" }
}
