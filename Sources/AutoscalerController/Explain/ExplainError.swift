/// Why a running controller's decisions could not be had. The message says what to do.
public struct ExplainError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of failure.
  public enum Code: String, Sendable, Hashable {
    /// The controller has no scaler of that name.
    case unknownScaler
    /// Nobody leads, or who answers does not.
    case notLeading
    /// There is no such pod or lease, or there are several that could be meant.
    case notFound
    /// The API server does not allow it.
    case denied
    /// The controller's status server does not answer.
    case unreachable
    /// What answers is no controller of this sort.
    case notAController
    /// Anything else that failed on the way.
    case failed
  }

  /// The kind of failure.
  public let code: Code
  /// What failed and what to do.
  public let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
