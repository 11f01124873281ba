import HTTPTransport
import Locking
import Testing

@Suite(.timeLimit(.minutes(10))) struct ExchangeTests {
  @Test("An answer comes with its status, version, header fields and body") func answer() async throws {
    let server = TestServer.answering { _, connection in
      connection.respond(
        201, headers: ["Content-Type": "text/plain", "X-Twice": "a", "x-twice": "b"],
        body: Array("hello".utf8))
    }
    try await withServer(server) { server, transport in
      let response = try await transport.send(HTTPRequest(.get, server.url("/a?b=c")))
      #expect(response.status == 201)
      #expect(response.isSuccess)
      #expect(response.version == .http1_1)
      #expect(response.headers["content-type"] == "text/plain")
      #expect(response.headers.values(of: "X-TWICE") == ["a", "b"])
      #expect(response.text == "hello")
      #expect(server.received.map(\.line) == ["GET /a?b=c HTTP/1.1"])
    }
  }

  @Test("A refusal is an answer and not an error", arguments: [301, 404, 500]) func refusal(
    status: Int
  ) async throws {
    let server = TestServer.answering { _, connection in
      connection.respond(status, headers: ["Location": "/elsewhere"], body: Array("no".utf8))
    }
    try await withServer(server) { server, transport in
      let response = try await transport.send(HTTPRequest(.get, server.url()))
      #expect(response.status == status)
      #expect(!response.isSuccess)
      #expect(response.text == "no")
      #expect(server.requests.value == 1)
    }
  }

  @Test("Method, header fields and token arrive as given, and nothing is added that was not asked for")
  func requestAsSent() async throws {
    let server = TestServer.answering { _, connection in connection.respond() }
    try await withServer(server, .init(userAgent: "agent/1")) { server, transport in
      let request = HTTPRequest(
        .patch, server.url("/x"),
        headers: ["Content-Type": "application/merge-patch+json", "X-Empty": "", "X-Colon": "a: b"],
        bearerToken: BearerToken("abc"), body: Array("{}".utf8))
      _ = try await transport.send(request)
      let received = try #require(server.received.first)
      #expect(received.line == "PATCH /x HTTP/1.1")
      #expect(received.headers["Content-Type"] == "application/merge-patch+json")
      #expect(received.headers["X-Empty"] == "")
      #expect(received.headers["X-Colon"] == "a: b")
      #expect(received.headers["Authorization"] == "Bearer abc")
      #expect(received.headers["User-Agent"] == "agent/1")
      #expect(received.headers["Host"] == "127.0.0.1:\(server.port)")
      #expect(received.headers["Expect"] == nil)
      #expect(received.body == Array("{}".utf8))
    }
  }

  @Test(
    "Each method is sent as such, with a length where it has a body",
    arguments: [
      (HTTPMethod.get, "", nil), (.post, "", "0"), (.put, "abc", "3"), (.patch, "", "0"), (.delete, "", nil),
      (.delete, "abc", "3"), (HTTPMethod(rawValue: "OPTIONS"), "", nil),
    ] as [(HTTPMethod, String, String?)])
  func methods(method: HTTPMethod, body: String, length: String?) async throws {
    let server = TestServer.answering { _, connection in connection.respond() }
    try await withServer(server) { server, transport in
      _ = try await transport.send(HTTPRequest(method, server.url(), body: Array(body.utf8)))
      let received = try #require(server.received.first)
      #expect(received.method == method.rawValue)
      #expect(received.headers["Content-Length"] == length)
      #expect(received.headers["Content-Type"] == nil)
      #expect(received.body == Array(body.utf8))
    }
  }

  @Test("The answer to HEAD has a length and no body") func head() async throws {
    let server = TestServer.answering { _, connection in
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    }
    try await withServer(server) { server, transport in
      let response = try await transport.send(HTTPRequest(.head, server.url(), maxBodyBytes: 10))
      #expect(response.headers["Content-Length"] == "1000")
      #expect(response.body.isEmpty)
    }
  }

  @Test("A body of many megabytes goes there and back unchanged") func largeBody() async throws {
    let server = TestServer.answering { request, connection in connection.respond(body: request.body) }
    try await withServer(server) { server, transport in
      let body = (0..<(5 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
      let response = try await transport.send(HTTPRequest(.post, server.url(), body: body))
      #expect(response.body == body)
      #expect(server.received.first?.headers["Expect"] == nil)
    }
  }

  @Test("Chunks are put together, and what comes before or behind the answer is left out")
  func chunked() async throws {
    let server = TestServer.answering { _, connection in
      connection.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
      connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Folded: a\r\n  b\r\n\r\n")
      connection.send("5\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: late\r\n\r\n")
    }
    try await withServer(server) { server, transport in
      let response = try await transport.send(HTTPRequest(.get, server.url()))
      #expect(response.status == 200)
      #expect(response.text == "hello world")
      #expect(response.headers["Link"] == nil)
      #expect(response.headers["X-Trailer"] == nil)
      #expect(response.headers["X-Folded"] == "a b")
    }
  }

  @Test("Requests one after the other share a connection") func reuse() async throws {
    let server = TestServer.answering { _, connection in connection.respond(body: Array("x".utf8)) }
    try await withServer(server) { server, transport in
      for _ in 0..<5 { _ = try await transport.send(HTTPRequest(.post, server.url(), body: [1])) }
      #expect(server.requests.value == 5)
      #expect(server.connections.value == 1)
    }
  }

  @Test("Eight requests run at once") func concurrency() async throws {
    let arrived = Counter()
    let gates = Locked<[TestConnection]>([])
    // Nobody gets an answer before all have asked.
    let server = TestServer.answering { request, connection in
      gates.withLock { $0.append(connection) }
      arrived.add()
    }
    try await withServer(server) { server, transport in
      try await withThrowingTaskGroup { group in
        for number in 0..<8 {
          group.addTask { try await transport.send(HTTPRequest(.get, server.url("/\(number)"))).status }
        }
        try await arrived.wait(for: 8)
        for connection in gates.withLock({ $0 }) { connection.respond(204) }
        for try await status in group { #expect(status == 204) }
      }
      #expect(server.connections.value == 8)
      #expect(transport.transferCount == 0)
    }
  }

  @Test("No more connections are made than allowed") func connectionLimit() async throws {
    let server = TestServer.answering { _, connection in connection.respond() }
    try await withServer(server, .init(maxConnectionsPerHost: 2)) { server, transport in
      try await withThrowingTaskGroup { group in
        for _ in 0..<20 { group.addTask { try await transport.send(HTTPRequest(.get, server.url())).status } }
        for try await status in group { #expect(status == 200) }
      }
      #expect(server.connections.value <= 2)
    }
  }

  @Test("A configured proxy is asked, and without one nobody else is") func proxy() async throws {
    let server = TestServer.answering { _, connection in connection.respond(203) }
    let proxy = Proxy.url("http://127.0.0.1:\(server.port)")
    try await withServer(server, .init(proxy: proxy)) { server, transport in
      let response = try await transport.send(HTTPRequest(.get, "http://server.invalid/x"))
      #expect(response.status == 203)
      #expect(server.received.map(\.line) == ["GET http://server.invalid/x HTTP/1.1"])
    }
  }

  @Test("A proxy of an https request does not get the token") func proxySeesNoToken() async throws {
    let server = TestServer.answering { _, connection in connection.respond(407) }
    let proxy = Proxy.url("http://user:password@127.0.0.1:\(server.port)")
    try await withServer(server, .init(proxy: proxy)) { server, transport in
      let request = HTTPRequest(.get, "https://server.invalid/x", bearerToken: BearerToken("secret"))
      let error = try await failure { try await transport.send(request) }
      #expect(error.code == .connectionFailed)
      #expect(!error.requestMayHaveBeenSent)
      let received = try #require(server.received.first)
      #expect(received.line == "CONNECT server.invalid:443 HTTP/1.1")
      #expect(received.headers["Proxy-Authorization"] != nil)
      #expect(received.headers["Authorization"] == nil)
    }
  }
}
