/// Why an exchange did not come to its end.
public struct HTTPTransportError: Error, Sendable, Hashable {
  /// The kind of failure.
  public enum Code: String, Sendable, Hashable {
    /// The deadline passed.
    case deadlineExceeded
    /// Nothing arrived for longer than the idle timeout.
    case idle
    /// The host's name is unknown.
    case nameResolution
    /// No connection could be made.
    case connection
    /// The connection broke: it was reset, or ended before the response did.
    case interrupted
    /// The peer's certificate was not accepted, or ours was not.
    case tls
    /// The response's body is larger than the request allows.
    case tooLarge
    /// The request, or a file that it needs, cannot be used.
    case invalidRequest
    /// What arrived was not HTTP.
    case invalidResponse
    /// The calling task was cancelled.
    case cancelled
    /// The transport was shut down.
    case shutDown
  }

  /// The kind of failure.
  public var code: Code
  /// What was attempted and what happened, without secrets.
  public var message: String

  /// Creates an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

extension HTTPTransportError: CustomStringConvertible {
  /// A sentence for people.
  public var description: String { message }
}
