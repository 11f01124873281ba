/// Why something that a handler wanted to have stored with its process was not.
public struct ReportError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of failure.
  public enum Code: String, Sendable, Hashable {
    /// Servers of this API cannot store it: the runtime API has no logs.
    case unsupported
    /// It is larger than `WorkContext` allows.
    case tooLarge
    /// The attribute has another value already, from this attempt or an earlier one. Attributes cannot be changed.
    case alreadySet
    /// The process is no longer this worker's, or the work was cancelled.
    case lost
    /// The server does not want it.
    case refused
  }

  /// The kind of failure.
  public var code: Code
  /// A sentence for people.
  public var message: String

  /// Creates an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// A sentence for people.
  public var description: String { message }
}
