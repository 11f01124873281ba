/// Why a Colonies server did not do what was asked.
public struct ColoniesError: Error, Sendable, Hashable {
  /// The kind of failure, for code that reacts to it.
  public enum Code: String, Sendable, Hashable {
    /// There is no process that the worker may take.
    case queueEmpty
    /// The colony's owner has paused assignments.
    case paused
    /// The caller may not do this: an unknown key, a worker that is not approved, or not the right role.
    case denied
    /// The colony, worker, process or attribute does not exist.
    case notFound
    /// Something of this name or id exists already.
    case alreadyExists
    /// The process is not, or not any more, the caller's to close: its lease ended or it has ended.
    case notAssigned
    /// The server refused the request as wrong.
    case invalidRequest
    /// The server wants fewer requests from the caller, and has not done this one.
    case tooManyRequests
    /// The server's API has no such request.
    case unsupported
    /// The server could not be reached, or the connection broke. A write may or may not have happened.
    case unreachable
    /// The server did not answer in time. A write may or may not have happened.
    case deadlineExceeded
    /// The server's certificate was not accepted.
    case untrusted
    /// The answer was not one of the protocol.
    case invalidReply
    /// The server failed.
    case serverFailure
    /// The calling task was cancelled.
    case cancelled
  }

  /// The kind of failure.
  public var code: Code
  /// What was attempted, and the server's or the transport's own words.
  public var message: String
  /// The HTTP status of the server's refusal; nil when the server did not answer.
  public var status: Int?

  /// Creates an error.
  public init(_ code: Code, _ message: String, status: Int? = nil) {
    self.code = code
    self.message = message
    self.status = status
  }

  /// Whether the same request may succeed later without anybody changing anything.
  public var isTransient: Bool {
    switch code {
    case .tooManyRequests, .unreachable, .deadlineExceeded, .serverFailure, .invalidReply: true
    default: false
    }
  }

  /// Whether the server may have done all the same what it was asked.
  public var mayHaveHappened: Bool {
    switch code {
    case .unreachable, .deadlineExceeded, .serverFailure, .invalidReply, .cancelled: true
    default: false
    }
  }
}

extension ColoniesError: CustomStringConvertible {
  /// A sentence for people.
  public var description: String { message }
}
