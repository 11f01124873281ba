/// Why the API server did not do what was asked. Never carries a credential or a body.
public struct KubernetesError: Error, Sendable, Hashable {
  /// The kind of failure, for code that reacts to it.
  public enum Code: String, Sendable, Hashable {
    /// 400, or a request that cannot be sent as it is; also one that a read-only client refuses.
    case invalidRequest
    /// 401: the server does not know the caller, even with credentials that were just read again.
    case unauthorized
    /// 403: the caller may not do this.
    case forbidden
    /// 404: there is no such object, or no such resource.
    case notFound
    /// 409: the object has changed since it was read.
    case conflict
    /// 409 with the reason `AlreadyExists`.
    case alreadyExists
    /// 410: the version to go on from is too old; list again.
    case gone
    /// 422: the object is not valid.
    case invalid
    /// 429: the server wants fewer requests.
    case tooManyRequests
    /// 5xx: the server failed.
    case serverFailure
    /// Any other answer that is not one of success.
    case refused
    /// The server could not be reached, or the connection broke.
    case unreachable
    /// There was no answer in time.
    case deadlineExceeded
    /// One side did not accept the other's certificate.
    case untrusted
    /// The answer was not one of the API.
    case invalidReply
    /// The kubeconfig or the service account's files are missing or wrong.
    case invalidConfiguration
    /// The credentials could not be had: a token file that cannot be read, or an `exec` plugin that failed.
    case noCredentials
    /// The calling task was cancelled.
    case cancelled
  }

  /// The kind of failure.
  public var code: Code { account.code }
  /// What was attempted, and the server's or the transport's own words.
  public var message: String { account.message }
  /// The HTTP status, when the server answered.
  public var httpStatus: Int? { account.httpStatus }
  /// What the server said about its refusal, when it said it in the API's way.
  public var status: APIStatus? { account.status }
  /// How long the server asks to wait before the next try.
  public var retryAfter: Duration? { account.retryAfter }
  /// Whether the server may have acted on the request. When false it certainly has not.
  public var mayHaveHappened: Bool { account.mayHaveHappened }

  private struct Account: Sendable, Hashable {
    let code: Code
    let message: String
    let httpStatus: Int?
    let status: APIStatus?
    let retryAfter: Duration?
    let mayHaveHappened: Bool
  }

  /// The error's contents, in a box: errors are rare, but each function that may throw one keeps room for several,
  /// and a task that waits keeps the room of all its functions.
  private indirect enum Box: Sendable, Hashable {
    case account(Account)
  }

  private let box: Box

  private var account: Account {
    switch box {
    case .account(let account): account
    }
  }

  /// Creates an error.
  public init(
    _ code: Code, _ message: String, httpStatus: Int? = nil, status: APIStatus? = nil,
    retryAfter: Duration? = nil, mayHaveHappened: Bool = false
  ) {
    box = .account(
      Account(
        code: code, message: message, httpStatus: httpStatus, status: status, retryAfter: retryAfter,
        mayHaveHappened: mayHaveHappened))
  }

  /// Whether the same request may succeed later without anybody changing anything.
  public var isTransient: Bool {
    switch code {
    case .tooManyRequests, .serverFailure, .unreachable, .deadlineExceeded, .invalidReply: true
    default: false
    }
  }
}

extension KubernetesError: CustomStringConvertible {
  /// A sentence for people.
  public var description: String { message }
}
