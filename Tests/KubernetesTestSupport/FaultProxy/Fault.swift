package import HTTPTransport

/// What goes wrong between a client and the API server, and with which requests.
package struct Fault: Sendable {
  /// What happens to a request.
  package enum Action: Sendable, Hashable {
    /// It is forwarded after a while.
    case delay(Duration)
    /// It is not forwarded, and the connection is reset.
    case reset
    /// It is forwarded, and the connection is reset in place of the answer.
    case loseAnswer
    /// It is forwarded, and the connection ends in the middle of the answer's body.
    case half
    /// It is not forwarded, and refused in the API's way.
    /// - Parameter retryAfter: The field `Retry-After`, in seconds.
    case status(Int, reason: String, retryAfter: Int? = nil)
    /// It is not forwarded, and nothing is answered until the fault is cleared; then the connection is reset.
    case hang
    /// For watches, those included that are open: nothing is passed on behind the head of the answer until the
    /// fault is cleared; then the connection is reset.
    case hangWatch
  }

  /// Which requests a fault is for. What is nil does not matter.
  package struct Match: Sendable, Hashable {
    package var method: HTTPMethod?
    /// A part of path and query.
    package var target: String?
    package var isWatch: Bool?

    package init(_ method: HTTPMethod? = nil, _ target: String? = nil, isWatch: Bool? = nil) {
      self.method = method
      self.target = target
      self.isWatch = isWatch
    }

    /// Every request.
    package static let everything = Match()
    /// Every watch.
    package static let watches = Match(isWatch: true)

    func matches(_ request: ProxiedRequest) -> Bool {
      method.map { $0 == request.method } ?? true && target.map(request.target.contains) ?? true
        && isWatch.map { $0 == request.isWatch } ?? true
    }
  }

  /// Which fault it is, to clear it.
  package struct ID: Sendable, Hashable {
    let number: Int
  }
}
