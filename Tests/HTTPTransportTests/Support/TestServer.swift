import Glibc
import HTTPTransport
import Locking
import TestSupport

/// A server on a loopback port that does to each connection what a test wants.
final class TestServer: Sendable {
  let port: UInt16
  /// Connections that have been accepted.
  let connections = Counter()
  /// Requests that have been read whole.
  let requests = Counter()
  /// Connections that are over, seen from the server.
  let closed = Counter()

  private let descriptor: Int32
  private let state = Locked(State())

  private struct State: Sendable {
    var connections: [TestConnection] = []
    var received: [ReceivedRequest] = []
    var isStopped = false
  }

  /// Starts a server that answers each request on a kept connection.
  static func answering(
    _ answer: @escaping @Sendable (ReceivedRequest, TestConnection) -> Void
  ) -> TestServer {
    TestServer { server, connection in
      while let request = server.read(connection) { answer(request, connection) }
    }
  }

  /// Starts a server that runs `behaviour` on a thread per connection, and closes the connection then.
  init(_ behaviour: @escaping @Sendable (TestServer, TestConnection) -> Void) {
    let socket = BoundSocket()
    descriptor = socket.descriptor
    port = socket.port
    precondition(listen(descriptor, 128) == 0, "a bound socket can listen")
    startThread { [self] in accept(behaviour) }
  }

  /// Reads and counts one request; nil when the client is gone.
  func read(_ connection: TestConnection) -> ReceivedRequest? {
    guard let request = connection.readRequest() else { return nil }
    state.withLock { $0.received.append(request) }
    requests.add()
    return request
  }

  func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

  var received: [ReceivedRequest] { state.withLock { $0.received } }

  /// Ends the server and its connections; the threads follow.
  func stop() {
    let connections = state.withLock { state -> [TestConnection] in
      guard !state.isStopped else { return [] }
      state.isStopped = true
      // Ends the blocking accept; its thread closes the descriptor.
      shutdown(descriptor, Int32(SHUT_RDWR))
      return state.connections
    }
    for connection in connections { connection.interrupt() }
  }

  private func accept(_ behaviour: @escaping @Sendable (TestServer, TestConnection) -> Void) {
    while true {
      let accepted = Glibc.accept(descriptor, nil, nil)
      guard accepted >= 0 else { break }
      _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
      let connection = TestConnection(accepted)
      let isStopped = state.withLock { state in
        state.connections.append(connection)
        return state.isStopped
      }
      if isStopped { connection.interrupt() }
      connections.add()
      startThread { [self] in
        behaviour(self, connection)
        connection.close()
        closed.add()
      }
    }
    close(descriptor)
  }
}

/// Runs a test with a server and a transport, and ends both.
func withServer<Result>(
  _ server: TestServer, _ configuration: HTTPTransport.Configuration = .init(),
  _ body: (TestServer, HTTPTransport) async throws -> Result
) async throws -> Result {
  let transport = try HTTPTransport(configuration)
  defer {
    transport.shutdown()
    server.stop()
  }
  return try await body(server, transport)
}
