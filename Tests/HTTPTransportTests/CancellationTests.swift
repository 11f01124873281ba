import HTTPTransport
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct CancellationTests {
  /// Long before the deadline, and long enough for a machine that is busy with other tests.
  private static let promptly = Duration.seconds(120)

  private static func stalling(after head: String) -> TestServer {
    TestServer { server, connection in
      guard server.read(connection) != nil else { return }
      connection.send(head)
      connection.waitForClose()
    }
  }

  @Test(
    "A cancelled task gets its error at once, and the connection is closed",
    arguments: ["", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123"])
  func cancel(head: String) async throws {
    try await withServer(Self.stalling(after: head)) { server, transport in
      let request = HTTPRequest(.get, server.url(), deadline: .seconds(600))
      let task = Task { await code { try await transport.send(request) } }
      try await server.requests.wait(for: 1)
      let clock = ContinuousClock()
      let start = clock.now
      task.cancel()
      #expect(await task.value == .cancelled)
      #expect(start.duration(to: clock.now) < Self.promptly)
      try await server.closed.wait(for: 1)
      await transport.waitUntilIdle()
      #expect(start.duration(to: clock.now) < Self.promptly)
    }
  }

  @Test("A stream is stopped by cancelling the task that waits for its head") func beforeHead() async throws {
    try await withServer(Self.stalling(after: "")) { server, transport in
      let task = Task { await code { try await transport.stream(HTTPRequest(.get, server.url())) } }
      try await server.requests.wait(for: 1)
      task.cancel()
      #expect(await task.value == .cancelled)
      try await server.closed.wait(for: 1)
    }
  }

  @Test("A stream is stopped by cancelling the task that waits for its body") func inBody() async throws {
    try await withServer(Self.stalling(after: "HTTP/1.1 200 OK\r\n\r\nabc")) { server, transport in
      let hasRead = Event<Void>()
      let task = Task {
        await code {
          let response = try await transport.stream(HTTPRequest(.get, server.url()))
          for try await _ in response.body { hasRead.fire() }
        }
      }
      try await hasRead.wait()
      task.cancel()
      #expect(await task.value == .cancelled)
      try await server.closed.wait(for: 1)
      await transport.waitUntilIdle()
    }
  }

  @Test("A task that is cancelled already sends nothing") func alreadyCancelled() async throws {
    try await withServer(Self.stalling(after: "")) { server, transport in
      let result = await withTaskGroup(of: HTTPTransportError.Code?.self) { group in
        group.cancelAll()
        group.addTask { await code { try await transport.send(HTTPRequest(.get, server.url())) } }
        return await group.next() ?? nil
      }
      #expect(result == .cancelled)
      await transport.waitUntilIdle()
      #expect(server.connections.value == 0)
    }
  }

  @Test("Five hundred cancelled exchanges leave nothing behind, and the next one works") func churn()
    async throws
  {
    let server = TestServer { server, connection in
      while let request = server.read(connection) {
        if request.line.contains("/works") { connection.respond() } else { connection.waitForClose() }
      }
    }
    try await withServer(server) { server, transport in
      await withTaskGroup { group in
        for number in 0..<500 {
          let request = HTTPRequest(.get, server.url())
          let task =
            number.isMultiple(of: 2)
            ? Task { await code { try await transport.send(request) } }
            : Task { await code { try await transport.stream(request) } }
          // Some are cancelled before they begin, some in the middle.
          if number.isMultiple(of: 3) { await Task.yield() }
          task.cancel()
          group.addTask { await task.value }
        }
        for await code in group { #expect(code == .cancelled) }
      }
      await transport.waitUntilIdle()
      #expect(transport.transferCount == 0)
      let response = try await transport.send(HTTPRequest(.get, server.url("/works")))
      #expect(response.status == 200)
    }
  }

  @Test("Shutting down fails what is under way and what comes later") func shutdown() async throws {
    try await withServer(Self.stalling(after: "HTTP/1.1 200 OK\r\n\r\n")) { server, transport in
      let stream = try await transport.stream(HTTPRequest(.get, server.url(), deadline: nil))
      let tasks = (0..<4).map { _ in
        Task { await code { try await transport.send(HTTPRequest(.get, server.url())) } }
      }
      try await server.requests.wait(for: 5)
      transport.shutdown()
      for task in tasks { #expect(await task.value == .shutDown) }
      let error = try await failure { try await stream.body.collect(maxBytes: 10) }
      #expect(error.code == .shutDown)
      await transport.waitUntilShutDown()
      try await server.closed.wait(for: 5)
      #expect(transport.transferCount == 0)
      let late = try await failure { try await transport.send(HTTPRequest(.get, server.url())) }
      #expect(late.code == .shutDown)
      #expect(!late.requestMayHaveBeenSent)
    }
  }
}
