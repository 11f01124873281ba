import Glibc
import HTTPTransport
import JSON
import Locking
import Logging
import ServiceLifecycle
import TestSupport
import Testing

@testable import AutoscalerController

@Suite("The status server", .timeLimit(.minutes(10)))
struct StatusServerTests {
  private let transport: HTTPTransport
  private let log = TestLog()

  init() throws { transport = try HTTPTransport() }

  /// Runs a server for as long as `body` does, then shuts it down gracefully.
  private func serving(
    checks: [StatusCheck] = [], metrics: @escaping @Sendable () async -> String = { "a 1\n" },
    decisions: @escaping @Sendable (DecisionQuery) async -> String? = { $0.scaler == nil ? "[]" : nil },
    _ body: (_ port: Int) async throws -> Void
  ) async throws {
    let port = Event<Int>()
    let server = StatusServer(
      host: "127.0.0.1", port: 0, logger: log.logger, metrics: metrics, decisions: decisions, checks: checks
    ) { port.fire($0) }
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(services: [.init(service: server)], logger: log.logger))
    async let end: Void = group.run()
    let result: Result<Void, any Error>
    do { result = .success(try await body(try await port.wait())) } catch { result = .failure(error) }
    await group.triggerGracefulShutdown()
    try await end
    transport.shutdown()
    try result.get()
  }

  private func get(_ path: String, _ port: Int, _ method: HTTPMethod = .get) async throws -> HTTPResponse {
    try await transport.send(HTTPRequest(method, "http://127.0.0.1:\(port)\(path)"))
  }

  @Test("each path has its page, and the first lists the others")
  func pages() async throws {
    try await serving { port in
      let index = try await get("/", port)
      #expect(index.status == 200 && index.headers["content-type"] == "text/plain; charset=utf-8")
      for path in ["/metrics", "/healthz", "/readyz", "/decisions"] {
        #expect(index.text.contains("\(path) "))
        #expect(try await get(path, port).status == 200, "\(path)")
      }
      let metrics = try await get("/metrics", port)
      #expect(metrics.text == "a 1\n")
      #expect(metrics.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
      #expect(metrics.headers["cache-control"] == "no-store")
      #expect(try await get("/healthz", port).text == "ok")
      #expect(try await get("/healthz?verbose", port).text == "ok")
    }
  }

  @Test("other paths are not found, and other methods not allowed")
  func refusals() async throws {
    try await serving { port in
      for path in ["/metrics/", "/readyz/configuration", "/favicon.ico", "//", "/..%2fhealthz"] {
        #expect(try await get(path, port).status == 404, "\(path)")
      }
      for method in [HTTPMethod.post, .put, .delete, .patch] {
        let response = try await get("/metrics", port, method)
        #expect(response.status == 405 && response.headers["allow"] == "GET, HEAD")
      }
      #expect(try await get("/nothing", port, .post).status == 404)
      let head = try await get("/metrics", port, .head)
      #expect(head.status == 200 && head.body.isEmpty && head.headers["content-length"] == "4")
    }
  }

  @Test("ready means ok, or a line for each check if asked")
  func ready() async throws {
    try await serving(checks: [StatusCheck("configuration") { nil }, StatusCheck("leadership") { nil }]) {
      port in
      let short = try await get("/readyz", port)
      #expect(short.status == 200 && short.text == "ok")
      for query in ["?verbose", "?verbose=1", "?a=b&verbose"] {
        let long = try await get("/readyz\(query)", port)
        #expect(long.status == 200)
        #expect(long.text == "[+]configuration ok\n[+]leadership ok\nreadyz check passed\n")
      }
    }
  }

  @Test("not ready always says why, and being alive does not depend on it")
  func notReady() async throws {
    let problem = Locked<String?>("line 3: what\nis this")
    let checks = [
      StatusCheck("queue") { nil }, StatusCheck("configuration") { problem.withLock { $0 } },
    ]
    try await serving(checks: checks) { port in
      let response = try await get("/readyz", port)
      #expect(response.status == 503)
      #expect(
        response.text
          == "[+]queue ok\n[-]configuration failed: line 3: what; is this\nreadyz check failed\n")
      #expect(try await get("/healthz", port).status == 200)
      problem.withLock { $0 = nil }
      #expect(try await get("/readyz", port).status == 200)
    }
  }

  @Test("decisions are those of one scaler or of all")
  func decisions() async throws {
    let decisions: @Sendable (DecisionQuery) -> String? = { query in
      switch query.scaler {
      case nil: "[1,\(query.last)]"
      case "fib onacci/½": "[1]"
      default: nil
      }
    }
    try await serving(decisions: decisions) { port in
      let all = try await get("/decisions", port)
      #expect(all.text == "[1,20]" && all.headers["content-type"] == "application/json")
      #expect(try await get("/decisions?scaler=fib%20onacci%2F%C2%BD", port).text == "[1]")
      #expect(try await get("/decisions?last=3", port).text == "[1,3]")
      for last in ["-1", "21", "x", ""] {
        let refused = try await get("/decisions?last=\(last)", port)
        #expect(refused.status == 400 && refused.text == "last must be a number from 0 to 20\n")
      }
      let unknown = try await get("/decisions?scaler=other", port)
      #expect(unknown.status == 404 && unknown.text == "no such scaler\n")
    }
  }

  @Test("a large page arrives whole, on a connection that is used again")
  func large() async throws {
    let text = (0..<100_000).map { "series{number=\"\($0)\"} \($0)\n" }.joined()
    try await serving(metrics: { text }) { port in
      for _ in 0..<3 {
        let response = try await get("/metrics", port)
        #expect(response.text == text)
      }
    }
  }

  @Test("it ends at once, whatever its connections are doing")
  func ends() async throws {
    let asked = Latch()
    let scraped = Latch()
    let never = Latch()
    let check = StatusCheck("slow") {
      asked.open()
      await never.wait()
      return nil
    }
    let port = Event<Int>()
    let server = StatusServer(
      host: "127.0.0.1", port: 0, logger: log.logger,
      metrics: {
        scraped.open()
        return String(repeating: "a 1\n", count: 8 << 20)
      }, decisions: { _ in nil },
      checks: [check]
    ) { port.fire($0) }
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(services: [.init(service: server)], logger: log.logger))
    async let end: Void = group.run()
    let address = try await port.wait()
    _ = try await get("/healthz", address)
    let silent = try Socket(port: address)
    let half = try Socket(port: address)
    half.send("GET /healthz HTTP/1.1\r\nHost: a\r\nX-")
    let unread = try Socket(port: address)
    unread.send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
    await scraped.wait()
    let answer = Task { try await get("/readyz", address) }
    await asked.wait()
    await group.triggerGracefulShutdown()
    // Whoever waited for the slow check would wait for ever.
    try await end
    #expect(log.lines.allSatisfy { ["trace", "debug", "info"].contains($0["level"]?.string) })
    #expect(try await silent.isAtEnd)
    #expect(try await half.isAtEnd)
    withExtendedLifetime(unread) {}
    await #expect(throws: HTTPTransportError.self) { try await answer.value }
    await #expect(throws: HTTPTransportError.self) { try await get("/healthz", address) }
    transport.shutdown()
  }

  @Test("an address in use is told, with the reason")
  func addressInUse() async throws {
    try await serving { port in
      let second = StatusServer(
        host: "127.0.0.1", port: port, logger: log.logger, metrics: { "" }, decisions: { _ in nil },
        checks: [])
      let error = await #expect(throws: StatusServer.StartFailure.self) { try await second.run() }
      #expect(error?.description == "cannot listen on 127.0.0.1:\(port): Address already in use")
    }
  }

  @Test("so is a name that there is not")
  func unknownHost() async throws {
    // Longer than a part of a name may be, so that the answer is the same where no name server can be asked.
    let name = String(repeating: "n", count: 64)
    let server = StatusServer(
      host: name, port: 0, logger: log.logger, metrics: { "" }, decisions: { _ in nil },
      checks: [])
    let error = await #expect(throws: StatusServer.StartFailure.self) { try await server.run() }
    #expect(error?.description == "cannot listen on \(name):0: there is no host of that name")
    transport.shutdown()
  }
}

/// A connection to this machine that says what a test wants, or nothing.
private final class Socket: Sendable {
  private let descriptor: Int32

  init(port: Int) throws {
    struct Refused: Error {}
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let result = withUnsafeBytes(of: &address) { bytes in
      connect(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
    }
    guard result == 0 else { throw Refused() }
  }

  deinit { close(descriptor) }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    #expect(write(descriptor, bytes, bytes.count) == bytes.count)
  }

  /// Whether the other side has closed the connection, without having answered; waits until something comes.
  var isAtEnd: Bool {
    get async throws {
      try await onThread {
        var byte: UInt8 = 0
        return read(self.descriptor, &byte, 1) <= 0
      }
    }
  }
}
