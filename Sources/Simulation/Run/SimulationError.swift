/// Why a simulation cannot be run.
public struct SimulationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// A setting is out of its range.
    case invalidSetting
    /// A process of the workload has a time that is not possible.
    case invalidProcess
    /// A process of the workload was submitted before the one before it.
    case outOfOrder
  }

  /// What is wrong.
  public let code: Code
  /// What is wrong, for people.
  public let message: String

  /// What is wrong, for people.
  public var description: String { message }
}
