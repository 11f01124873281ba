import HTTPTransport
import KubernetesTestSupport
import Testing

/// Something that goes wrong between a controller and the API server, for a while.
struct ConnectionFault: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// How failures of it are counted; nil when there are none, or none that are counted.
  let code: String?
  /// How much longer than itself its effects may last.
  let tail: Duration
  let begin: @Sendable (FaultProxy) async throws -> Void
  private let accept: Bool

  /// A fault of every request that matches. Watches that are open are made anew.
  init(
    _ action: Fault.Action, to matches: Fault.Match..., code: String?, tail: Duration = .zero, _ name: String
  ) {
    testDescription = name
    self.code = code
    self.tail = tail
    accept = false
    begin = { proxy in
      for match in matches.isEmpty ? [.everything] : matches { proxy.add(action, to: match) }
      if action != .hangWatch { proxy.resetConnections() }
    }
  }

  private init(
    _ name: String, code: String?, accept: Bool, begin: @escaping @Sendable (FaultProxy) async throws -> Void
  ) {
    testDescription = name
    self.code = code
    tail = .zero
    self.accept = accept
    self.begin = begin
  }

  func end(_ proxy: FaultProxy) async throws {
    proxy.clear()
    if accept { try await proxy.accept() }
  }

  /// Makes the fault be there for a while.
  func last(_ length: Duration, at proxy: FaultProxy) async throws {
    try await begin(proxy)
    try await ContinuousClock().sleep(for: length)
    try await end(proxy)
  }

  static let all: [ConnectionFault] = [
    ConnectionFault(.delay(.seconds(1)), code: nil, tail: .seconds(1), "answers are a second late"),
    ConnectionFault(.delay(.seconds(3)), code: nil, tail: .seconds(3), "answers are three seconds late"),
    ConnectionFault(.reset, code: "connectionLost", "connections are reset"),
    ConnectionFault(.loseAnswer, code: "connectionLost", "answers are lost"),
    ConnectionFault(.half, code: "connectionLost", "answers end in the middle"),
    ConnectionFault(
      .status(409, reason: "Conflict"), to: .init(.patch), code: "409", "changes are refused with 409"),
    ConnectionFault(
      .status(410, reason: "Expired"), to: .watches, code: "410", "watches are refused with 410"),
    ConnectionFault(
      .status(410, reason: "Expired"), to: .watches, .init(.get, "limit="), code: "410",
      "watches and lists are refused with 410"),
    ConnectionFault(
      .status(429, reason: "TooManyRequests", retryAfter: 1), code: "429", tail: .seconds(1),
      "everything is refused with 429"),
    ConnectionFault(.status(500, reason: "InternalError"), code: "500", "everything fails with 500"),
    ConnectionFault(.hang, code: "connectionLost", "nothing is answered"),
    ConnectionFault(.hangWatch, code: nil, "watches are silent"),
    ConnectionFault("connections are refused", code: "connectionFailed", accept: true) { await $0.refuse() },
    ConnectionFault("the certificate is a stranger's", code: "tlsFailed", accept: true) {
      try await $0.showWrongCertificate()
    },
  ]
}
