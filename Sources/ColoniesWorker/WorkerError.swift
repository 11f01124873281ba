/// Why a worker cannot work.
public struct WorkerError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of failure.
  public enum Code: String, Sendable, Hashable {
    /// The server refuses the registration, and would refuse it again: a wrong key, an unknown colony, an
    /// untrusted certificate.
    case refused
    /// The file that tells `unregister` about the worker cannot be read.
    case stateFile
    /// The server could not be reached in time.
    case unreachable
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
