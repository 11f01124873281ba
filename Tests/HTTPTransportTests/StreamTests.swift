import HTTPTransport
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct StreamTests {
  private static let endless = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"

  @Test("The head is there before the body, and pieces come as they are sent") func pieces() async throws {
    let asked = Counter()
    let server = TestServer { server, connection in
      guard server.read(connection) != nil else { return }
      connection.send(Self.endless)
      // Each line waits until the reader has asked for it, so it cannot come together with the one before.
      for number in 1...3 {
        startTaskAndBlock { try? await asked.wait(for: number) }
        connection.send("line \(number)\n")
      }
    }
    try await withServer(server) { server, transport in
      let response = try await transport.stream(HTTPRequest(.get, server.url(), deadline: nil))
      #expect(response.isSuccess)
      #expect(response.headers["Content-Type"] == "text/plain")
      asked.add()
      var lines: [String] = []
      for try await piece in response.body {
        lines.append(String(decoding: piece, as: UTF8.self))
        asked.add()
      }
      #expect(lines == ["line 1\n", "line 2\n", "line 3\n"])
      await transport.waitUntilIdle()
    }
  }

  @Test("What arrived before a cut is read before the error") func cut() async throws {
    let server = TestServer { server, connection in
      guard server.read(connection) != nil else { return }
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123")
    }
    try await withServer(server) { server, transport in
      let response = try await transport.stream(HTTPRequest(.get, server.url(), deadline: nil))
      // Everything has arrived, the cut too, before the first read.
      await transport.waitUntilIdle()
      var iterator = response.body.makeAsyncIterator()
      #expect(try await iterator.next() == Array("123".utf8))
      let error = try await failure { try await response.body.collect(maxBytes: 10) }
      #expect(error.code == .connectionLost)
    }
  }

  @Test("A reader that rests makes the server wait, and still gets everything") func backPressure()
    async throws
  {
    let size = 48 << 20
    let stalled = Event<Int>()
    let server = TestServer { server, connection in
      guard server.read(connection) != nil else { return }
      // Made before the head is sent, as the reader is impatient from then on.
      let body = [UInt8](repeating: 7, count: size)
      connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
      connection.setSendTimeout(milliseconds: 4000)
      let taken = connection.sendSome(body)
      stalled.fire(taken)
      connection.setSendTimeout(milliseconds: 0)
      connection.send(Array(body[taken...]))
    }
    // Time in which the reader rests is not silence: the idle timeout is shorter than the rest.
    try await withServer(server) { server, transport in
      let request = HTTPRequest(.get, server.url(), deadline: .seconds(240), idleTimeout: .seconds(3))
      let response = try await transport.stream(request)
      let taken = try await stalled.wait()
      #expect(taken < 16 << 20, "the server could send \(taken) bytes to a reader that rested")
      var count = 0
      var largest = 0
      for try await piece in response.body {
        count += piece.count
        largest = max(largest, piece.count)
      }
      #expect(count == size)
      #expect(largest <= (256 + 64) << 10)
    }
  }

  @Test("The deadline ends a stream, also one whose reader rests") func deadline() async throws {
    let server = TestServer { server, connection in
      guard server.read(connection) != nil else { return }
      connection.send(Self.endless + "1")
      connection.waitForClose()
    }
    try await withServer(server) { server, transport in
      let response = try await transport.stream(HTTPRequest(.get, server.url(), deadline: .seconds(2)))
      try await server.closed.wait(for: 1)
      let error = try await failure { try await response.body.collect(maxBytes: 10) }
      #expect(error.code == .deadlineExceeded)
    }
  }

  @Test("A stream may go without a deadline; silence ends it then") func idle() async throws {
    let server = TestServer { server, connection in
      guard server.read(connection) != nil else { return }
      connection.send(Self.endless + "1")
      connection.waitForClose()
    }
    try await withServer(server) { server, transport in
      let request = HTTPRequest(.get, server.url(), deadline: nil, idleTimeout: .seconds(2))
      let response = try await transport.stream(request)
      let error = try await failure { try await response.body.collect(maxBytes: 10) }
      #expect(error.code == .idleTimedOut)
    }
  }

  @Test("A stream that nobody holds is stopped") func dropped() async throws {
    let server = TestServer { server, connection in
      guard server.read(connection) != nil else { return }
      connection.send(Self.endless + "1")
      connection.waitForClose()
    }
    try await withServer(server) { server, transport in
      func readOnePiece() async throws {
        let response = try await transport.stream(HTTPRequest(.get, server.url(), deadline: nil))
        for try await piece in response.body {
          #expect(piece == Array("1".utf8))
          break
        }
      }
      try await readOnePiece()
      try await server.closed.wait(for: 1)
      await transport.waitUntilIdle()
      #expect(transport.transferCount == 0)
    }
  }

  @Test("A stream goes on when only the transport is let go of") func outlivesTransport() async throws {
    let go = Event<Void>()
    let server = TestServer { server, connection in
      guard server.read(connection) != nil else { return }
      connection.send(Self.endless)
      startTaskAndBlock { try? await go.wait() }
      connection.send("still here")
    }
    defer { server.stop() }
    var transport: HTTPTransport? = try HTTPTransport()
    let response = try #require(try await transport?.stream(HTTPRequest(.get, server.url(), deadline: nil)))
    transport = nil
    go.fire()
    let body = try await response.body.collect(maxBytes: 100)
    #expect(String(decoding: body, as: UTF8.self) == "still here")
  }

  @Test("Two tasks cannot read one body") func twoReaders() async throws {
    let server = TestServer { server, connection in
      guard server.read(connection) != nil else { return }
      connection.send(Self.endless)
      connection.waitForClose()
    }
    try await withServer(server) { server, transport in
      let response = try await transport.stream(HTTPRequest(.get, server.url(), deadline: nil))
      let codes = await withTaskGroup { group in
        for _ in 0..<2 {
          group.addTask { await code { try await response.body.collect(maxBytes: 10) } }
        }
        let first = await group.next() ?? nil
        group.cancelAll()
        return [first, await group.next() ?? nil]
      }
      #expect(codes == [.invalidRequest, .cancelled])
    }
  }

  @Test("A collected body has a limit") func collectLimit() async throws {
    let body = HTTPBody([[1, 2], [3, 4]])
    #expect(try await body.collect(maxBytes: 4) == [1, 2, 3, 4])
    let second = HTTPBody([[1, 2], [3, 4]])
    let error = try await failure { try await second.collect(maxBytes: 3) }
    #expect(error.code == .responseTooLarge)
  }
}
