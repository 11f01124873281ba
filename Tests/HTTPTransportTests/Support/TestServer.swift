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
  /// Nobody listens any more.
  let ended = Event<Void>()

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
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let code = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) + listen(descriptor, 128)
          + getsockname(descriptor, address, &length)
      }
    }
    precondition(descriptor >= 0 && code == 0, "there is a loopback port")
    port = UInt16(bigEndian: address.sin_port)
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
    ended.fire()
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
