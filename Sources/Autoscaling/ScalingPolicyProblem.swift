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
    /// The bounds at certain times.
    case schedules
    /// How soon processes are to have finished.
    case drainWithin
    /// How soon processes are to begin.
    case startWithin
    /// How many processes a replica works on at once.
    case concurrency
    /// The time between polls.
    case pollInterval
    /// How far demand must rise before it is followed.
    case scaleUpTolerance = "scaleUp.tolerance"
    /// How long a higher demand must last.
    case scaleUpStabilization = "scaleUp.stabilizationWindow"
    /// How fast the number may grow.
    case scaleUpPolicies = "scaleUp.policies"
    /// How far demand must fall before it is followed.
    case scaleDownTolerance = "scaleDown.tolerance"
    /// How long a lower demand must last.
    case scaleDownStabilization = "scaleDown.stabilizationWindow"
    /// How fast the number may shrink.
    case scaleDownPolicies = "scaleDown.policies"
    /// The keep-alive before shrinking.
    case idleFor = "scaleDown.idleFor"
    /// The changes in an hour.
    case maxChangesPerHour
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
