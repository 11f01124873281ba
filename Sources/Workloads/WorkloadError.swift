/// Why a workload cannot be used.
public struct WorkloadError: Error, Sendable, Hashable {
  /// The file, as the caller named it.
  public let file: String
  /// The line, from 1; nil when the problem is the file itself.
  public let line: Int?
  /// The character in the line, from 1; nil when the problem is the whole line.
  public let column: Int?
  /// What was found, and what was expected.
  public let message: String

  /// Creates an error.
  public init(file: String, line: Int? = nil, column: Int? = nil, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
  }
}

extension WorkloadError: CustomStringConvertible {
  /// The problem as `file:line:column: message`.
  public var description: String {
    ([file] + [line, column].compactMap { $0?.description }).joined(separator: ":") + ": \(message)"
  }
}
