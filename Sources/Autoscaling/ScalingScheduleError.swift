/// What is wrong with a schedule.
public struct ScalingScheduleError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A part of a schedule, by the name it has in a configuration file.
  public enum Part: String, Sendable, Hashable, CaseIterable {
    /// When it begins.
    case from
    /// When it ends.
    case to
    /// Where its clock is.
    case timeZone
  }

  /// The part that is wrong.
  public let part: Part
  /// What it must be.
  public let message: String

  /// The part and what is wrong with it.
  public var description: String { "\(part.rawValue): \(message)" }
}
