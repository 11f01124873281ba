internal import HTTPTransport
internal import JSON

extension KubernetesError {
  /// Gives an answer that is not one of success its meaning.
  /// - Parameter action: What was attempted, as in `get deployments/web in default`.
  init(_ answer: HTTPResponse, to action: String) {
    let json = try? JSONValue(parsing: answer.body)
    self.init(
      status: json.flatMap(APIStatus.init), httpStatus: answer.status,
      retryAfter: answer.headers["Retry-After"].flatMap(Int.init), to: action)
  }

  /// Gives a refusal its meaning: of an answer, or of an ERROR event inside a watch.
  init(status: APIStatus?, httpStatus: Int, retryAfter: Int? = nil, to action: String) {
    let seconds =
      retryAfter ?? status?.details.flatMap { $0.retryAfterSeconds > 0 ? $0.retryAfterSeconds : nil }
    // A proxy's words would be a page of HTML.
    let words = status.map { $0.message.isEmpty ? $0.reason : $0.message } ?? ""
    self.init(
      Self.code(httpStatus, status),
      "could not \(action): \(words.isEmpty ? "HTTP status \(httpStatus)" : words)",
      httpStatus: httpStatus, status: status,
      // Longer than a day would be a mistake, and beyond what durations hold somewhere.
      retryAfter: seconds.map { .seconds(min(max($0, 0), 86_400)) }, mayHaveHappened: httpStatus >= 500)
  }

  private static func code(_ httpStatus: Int, _ status: APIStatus?) -> Code {
    switch httpStatus {
    case 400: .invalidRequest
    case 401: .unauthorized
    case 403: .forbidden
    case 404: .notFound
    case 409: status?.reason == "AlreadyExists" ? .alreadyExists : .conflict
    case 410: .gone
    case 422: .invalid
    case 429: .tooManyRequests
    case 500...: .serverFailure
    default: .refused
    }
  }

  /// Gives a failure of the transport its meaning.
  init(_ error: HTTPTransportError, to action: String) {
    let code: Code =
      switch error.code {
      case .invalidRequest, .invalidConfiguration: .invalidRequest
      case .nameResolutionFailed, .connectionFailed, .connectTimedOut, .connectionLost, .idleTimedOut,
        .failed, .shutDown:
        .unreachable
      case .tlsFailed: .untrusted
      case .deadlineExceeded: .deadlineExceeded
      case .responseTooLarge, .invalidResponse: .invalidReply
      case .cancelled: .cancelled
      }
    self.init(code, "could not \(action): \(error)", mayHaveHappened: error.requestMayHaveBeenSent)
  }
}
