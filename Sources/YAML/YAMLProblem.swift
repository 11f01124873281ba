/// One thing that is wrong in a YAML text.
public struct YAMLProblem: Sendable, Hashable {
  /// Where it is.
  public let mark: YAMLMark
  /// The path of the value, such as `scalers[0].min`; empty for the text as a whole and for syntax errors.
  public let path: String
  /// What is wrong and what was expected.
  public let message: String

  /// Creates a problem.
  public init(mark: YAMLMark, path: String = "", message: String) {
    self.mark = mark
    self.path = path
    self.message = message
  }
}

extension YAMLProblem: CustomStringConvertible {
  /// The problem as `line:column: path: message`.
  public var description: String { path.isEmpty ? "\(mark): \(message)" : "\(mark): \(path): \(message)" }
}
