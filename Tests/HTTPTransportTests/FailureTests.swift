import Glibc
import HTTPTransport
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct FailureTests {
  /// What a server does to the only request that it gets.
  enum Misdeed: String, CaseIterable, Sendable {
    case stallsBeforeHead, stallsInBody, tricklesBody, resetsBeforeHead, resetsInBody, closesBeforeHead
    case cutsBody, cutsChunks, announcesTooMuch, sendsTooMuch, sendsTooLargeHead, speaksNoHTTP, sendsNonsense

    func run(_ connection: TestConnection) {
      let tenBytes = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"
      switch self {
      case .stallsBeforeHead: connection.waitForClose()
      case .stallsInBody:
        connection.send(tenBytes + "123")
        connection.waitForClose()
      case .tricklesBody:
        connection.send("HTTP/1.1 200 OK\r\n\r\n")
        while !connection.isClosed(within: .milliseconds(50)), connection.send("x") {}
      case .resetsBeforeHead: connection.reset()
      case .resetsInBody:
        connection.send(tenBytes + "123")
        connection.reset()
      case .closesBeforeHead: break
      case .cutsBody: connection.send(tenBytes + "123")
      case .cutsChunks: connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")
      case .announcesTooMuch:
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        connection.waitForClose()
      case .sendsTooMuch:
        connection.send("HTTP/1.1 200 OK\r\n\r\n")
        while connection.send([UInt8](repeating: 0, count: 1000)) {}
      case .sendsTooLargeHead:
        connection.send("HTTP/1.1 200 OK\r\n")
        let line = "X-Long: " + String(repeating: "x", count: 1000) + "\r\n"
        while connection.send(line) {}
      case .speaksNoHTTP: connection.send("220 mail server ready\r\n")
      case .sendsNonsense: connection.send("HTTP/9.9 what\r\n\r\n")
      }
    }
  }

  @Test(
    "Every misdeed of a server is an error that says which",
    arguments: [
      (.stallsBeforeHead, .deadlineExceeded), (.stallsInBody, .deadlineExceeded),
      (.resetsBeforeHead, .connectionLost), (.resetsInBody, .connectionLost),
      (.closesBeforeHead, .connectionLost),
      (.cutsBody, .connectionLost), (.cutsChunks, .connectionLost), (.announcesTooMuch, .responseTooLarge),
      (.sendsTooMuch, .responseTooLarge), (.sendsTooLargeHead, .responseTooLarge),
      (.speaksNoHTTP, .invalidResponse), (.sendsNonsense, .invalidResponse),
    ] as [(Misdeed, HTTPTransportError.Code)])
  func misdeed(_ misdeed: Misdeed, code: HTTPTransportError.Code) async throws {
    let server = TestServer { server, connection in
      if server.read(connection) != nil { misdeed.run(connection) }
    }
    try await withServer(server) { server, transport in
      // Time enough for the server to be asked, also on a machine that is busy with other tests.
      let deadline: Duration = code == .deadlineExceeded ? .seconds(2) : .seconds(30)
      let request = HTTPRequest(
        .post, server.url("/p?q=1"), body: [1], deadline: deadline, maxBodyBytes: 10_000)
      let error = try await failure { try await transport.send(request) }
      #expect(error.code == code)
      #expect(error.requestMayHaveBeenSent)
      #expect(error.message.hasPrefix("POST \(server.url("/p")): "))
      // The server's end of the connection has seen that the exchange was stopped.
      try await server.closed.wait(for: 1)
      #expect(transport.transferCount == 0)
    }
  }

  @Test("The deadline holds from the call, and not a moment earlier") func deadlineIsExact()
    async throws
  {
    let server = TestServer { server, connection in
      _ = server.read(connection)
      connection.waitForClose()
    }
    try await withServer(server) { server, transport in
      let clock = ContinuousClock()
      let start = clock.now
      let request = HTTPRequest(.get, server.url(), deadline: .milliseconds(250))
      let error = try await failure { try await transport.send(request) }
      let elapsed = start.duration(to: clock.now)
      #expect(error.code == .deadlineExceeded)
      #expect(elapsed >= .milliseconds(250) && elapsed < .seconds(120))
    }
  }

  @Test("A trickle satisfies the idle timeout, but not the deadline") func trickle() async throws {
    let server = TestServer { server, connection in
      if server.read(connection) != nil { Misdeed.tricklesBody.run(connection) }
    }
    try await withServer(server) { server, transport in
      let request = HTTPRequest(
        .get, server.url(), deadline: .seconds(5), idleTimeout: .seconds(3), maxBodyBytes: .max)
      let error = try await failure { try await transport.send(request) }
      #expect(error.code == .deadlineExceeded)
    }
  }

  @Test("Silence ends an exchange before its deadline", arguments: [Misdeed.stallsBeforeHead, .stallsInBody])
  func idle(_ misdeed: Misdeed) async throws {
    let server = TestServer { server, connection in
      if server.read(connection) != nil { misdeed.run(connection) }
    }
    try await withServer(server) { server, transport in
      let request = HTTPRequest(.get, server.url(), idleTimeout: .seconds(2))
      let error = try await failure { try await transport.send(request) }
      #expect(error.code == .idleTimedOut)
      try await server.closed.wait(for: 1)
    }
  }

  @Test("A body of exactly the limit is taken") func limitIsInclusive() async throws {
    let server = TestServer.answering { _, connection in
      connection.respond(body: Array(repeating: 1, count: 100))
    }
    try await withServer(server) { server, transport in
      let response = try await transport.send(HTTPRequest(.get, server.url(), maxBodyBytes: 100))
      #expect(response.body.count == 100)
    }
  }

  @Test("A refused connection says that nothing was sent") func refused() async throws {
    // The port is taken, so that no other test listens on it.
    let socket = BoundSocket()
    defer { close(socket.descriptor) }
    let transport = try HTTPTransport()
    defer { transport.shutdown() }
    let request = HTTPRequest(.post, "http://127.0.0.1:\(socket.port)/", body: [1])
    let error = try await failure { try await transport.send(request) }
    #expect(error.code == .connectionFailed)
    #expect(!error.requestMayHaveBeenSent)
    let detail = try #require(error.detail)
    #expect(detail.contains("\(socket.port)"))
  }

  @Test("An unknown name is a failure of name resolution") func unknownName() async throws {
    let transport = try HTTPTransport()
    defer { transport.shutdown() }
    // Longer than a part of a name may be, so that the answer is the same where no name server can be asked.
    let name = String(repeating: "n", count: 64)
    let error = try await failure { try await transport.send(HTTPRequest(.get, "http://\(name)/")) }
    #expect(error.code == .nameResolutionFailed)
    #expect(!error.requestMayHaveBeenSent)
  }

  @Test("A server that accepts no connection is given up after the connect timeout") func connectTimeout()
    async throws
  {
    // TLS needs an answer from the server, which does not come.
    let server = TestServer { _, connection in connection.waitForClose() }
    try await withServer(server) { server, transport in
      let request = HTTPRequest(
        .get, "https://127.0.0.1:\(server.port)/", connectTimeout: .milliseconds(200))
      let error = try await failure { try await transport.send(request) }
      #expect(error.code == .connectTimedOut)
      #expect(!error.requestMayHaveBeenSent)
    }
  }

  @Test(
    "A request on a kept connection that breaks is sent again only if that does no harm",
    arguments: [(HTTPMethod.post, false), (.patch, false), (.get, true), (.put, true)])
  func brokenKeptConnection(method: HTTPMethod, isRepeated: Bool) async throws {
    let server = TestServer { server, connection in
      guard server.read(connection) != nil else { return }
      connection.respond()
      // The second request on this connection is read, and not answered.
      if server.connections.value == 1 { _ = server.read(connection) } else { connection.waitForClose() }
    }
    try await withServer(server) { server, transport in
      let request = HTTPRequest(method, server.url(), body: method == .get ? [] : [1])
      _ = try await transport.send(request)
      if isRepeated {
        let response = try await transport.send(request)
        #expect(response.status == 200)
        #expect(server.requests.value == 3)
      } else {
        let error = try await failure { try await transport.send(request) }
        #expect(error.code == .connectionLost)
        #expect(error.requestMayHaveBeenSent)
        #expect(server.requests.value == 2)
      }
    }
  }

  @Test(
    "What cannot be sent is refused before anything is",
    arguments: [
      HTTPRequest(.get, ""), HTTPRequest(.get, "127.0.0.1/"), HTTPRequest(.get, "ftp://127.0.0.1/"),
      HTTPRequest(.get, "file:///etc/passwd"), HTTPRequest(.get, "http://user:password@127.0.0.1/"),
      HTTPRequest(.get, "http://127.0.0.1:99999/"), HTTPRequest(.get, "http:///path"),
      HTTPRequest(.get, "http:/host/path"),
      HTTPRequest(.get, "http://127.0.0.1/a b"), HTTPRequest(.get, "http://127.0.0.1/\0"),
      HTTPRequest(HTTPMethod(rawValue: "GET / HTTP/1.1\r\nX:"), "http://127.0.0.1/"),
      HTTPRequest(HTTPMethod(rawValue: ""), "http://127.0.0.1/"),
      HTTPRequest(.get, "http://127.0.0.1/", headers: ["X": "a\r\nY: b"]),
      HTTPRequest(.get, "http://127.0.0.1/", headers: ["X": "a\0"]),
      HTTPRequest(.get, "http://127.0.0.1/", headers: ["X y": "a"]),
      HTTPRequest(.get, "http://127.0.0.1/", headers: ["host": "a"]),
      HTTPRequest(.get, "http://127.0.0.1/", headers: ["Content-length": "1"]),
      HTTPRequest(.get, "http://127.0.0.1/", bearerToken: BearerToken("a\nb")),
      HTTPRequest(.get, "http://127.0.0.1/", bearerToken: BearerToken("")),
      HTTPRequest(.get, "http://127.0.0.1/", headers: ["authorization": "a"], bearerToken: BearerToken("b")),
      HTTPRequest(.get, "http://127.0.0.1/", deadline: .zero),
      HTTPRequest(.get, "http://127.0.0.1/", deadline: nil),
      HTTPRequest(.get, "http://127.0.0.1/", idleTimeout: .seconds(-1)),
      HTTPRequest(.get, "http://127.0.0.1/", maxBodyBytes: -1),
    ])
  func invalidRequest(_ request: HTTPRequest) async throws {
    let transport = try HTTPTransport()
    defer { transport.shutdown() }
    let error = try await failure { try await transport.send(request) }
    #expect(error.code == .invalidRequest)
    #expect(!error.requestMayHaveBeenSent)
    #expect(!error.description.contains("password"))
  }

  @Test(
    "A configuration that cannot work is refused at once",
    arguments: [
      .init(maxConnectionsPerHost: 0), .init(streamBufferBytes: 0), .init(userAgent: "a\r\nb"),
      .init(proxy: .url("not a proxy")), .init(proxy: .url("ftp://127.0.0.1")),
      .init(tls: TLSConfiguration(serverName: "a/b")), .init(tls: TLSConfiguration(serverName: "")),
      .init(tls: TLSConfiguration(trust: .authorities(.bytes([])))),
      .init(tls: TLSConfiguration(trust: .authorities(.file("")))),
      .init(
        tls: TLSConfiguration(identity: .init(certificate: .file("/a"), privateKey: .bytes([])))),
    ] as [HTTPTransport.Configuration])
  func invalidConfiguration(_ configuration: HTTPTransport.Configuration) throws {
    let error = #expect(throws: HTTPTransportError.self) { try HTTPTransport(configuration) }
    #expect(error?.code == .invalidConfiguration)
  }

  @Test("A pin is 32 bytes in base64", arguments: ["", "abc", String(repeating: "A", count: 44)])
  func invalidPin(_ text: String) { #expect(PublicKeyPin(base64: text) == nil) }
}
