public import YAML

/// Why there is no configuration.
public enum ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file cannot be read.
  case unreadable(file: String, reason: String)
  /// The file says something that cannot be done.
  case invalid(YAMLError)

  /// How many problems there are.
  public var problemCount: Int {
    switch self {
    case .unreadable: 1
    case .invalid(let error): error.problems.count + error.omitted
    }
  }

  /// One line for each problem.
  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): cannot be read: \(reason)"
    case .invalid(let error): error.description
    }
  }
}
