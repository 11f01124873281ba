import Colonies
import Glibc
import Locking
import TestSupport

/// Stands between workers and a server, and breaks connections off in the middle of replies, as a test decides.
final class CuttingProxy: Sendable {
  /// Decides about a reply before its first byte is passed on.
  /// - Parameter message: The type of the message that is answered.
  /// - Returns: After how many bytes the connection is reset; nil to let the reply pass.
  typealias Cut = @Sendable (_ message: String) -> Int?

  /// Where it listens.
  let port: Int
  private let listener: Int32
  private let target: Locked<Int>
  private let cutCount = Locked(0)

  /// Starts to listen on a free port of the loopback interface.
  /// - Parameters:
  ///   - target: The server's port.
  ///   - passed: Is told the length of a reply that has passed whole.
  init(
    to target: Int, cut: @escaping Cut,
    passed: @escaping @Sendable (_ message: String, _ length: Int) -> Void = { _, _ in }
  ) throws {
    self.target = Locked(target)
    let listener = Self.newSocket()
    self.listener = listener
    var address = Self.loopback(0)
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0, listen(listener, 128) == 0 else { throw Failure("the proxy cannot listen") }
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
    }
    port = Int(in_port_t(bigEndian: address.sin_port))
    let (currentTarget, count) = (self.target, cutCount)
    startThread {
      while true {
        let client = accept(listener, nil, nil)
        if client < 0 {
          if errno == EINTR || errno == ECONNABORTED { continue }
          return
        }
        startThread {
          let port = currentTarget.withLock { $0 }
          Exchange(client: client, cut: cut, passed: passed, didCut: { count.withLock { $0 += 1 } })
            .run(to: port)
        }
      }
    }
  }

  deinit {
    // Wakes the thread that accepts.
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// How many replies were cut.
  var cuts: Int { cutCount.withLock { $0 } }

  /// Leads new connections to another port, where the server has been started again.
  func lead(to port: Int) { target.withLock { $0 = port } }

  fileprivate static func newSocket() -> Int32 {
    socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  }

  fileprivate static func loopback(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    return address
  }
}

/// One connection: requests and their replies, one after the other.
private struct Exchange {
  let client: Int32
  let cut: CuttingProxy.Cut
  let passed: @Sendable (String, Int) -> Void
  let didCut: @Sendable () -> Void
  private var request: [UInt8] = []
  private var message = ""
  /// How much of the present reply has been passed on.
  private var replied = 0
  private var limit: Int?
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)

  init(
    client: Int32, cut: @escaping CuttingProxy.Cut, passed: @escaping @Sendable (String, Int) -> Void,
    didCut: @escaping @Sendable () -> Void
  ) {
    self.client = client
    self.cut = cut
    self.passed = passed
    self.didCut = didCut
  }

  func run(to port: Int) {
    var exchange = self
    exchange.exchange(port)
  }

  private mutating func exchange(_ port: Int) {
    let server = CuttingProxy.newSocket()
    defer {
      close(server)
      close(client)
    }
    var address = CuttingProxy.loopback(port)
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0 else { return reset(client) }
    while true {
      var descriptors = [client, server].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      guard poll(&descriptors, 2, -1) > 0 else { continue }
      if descriptors[0].revents != 0, !passRequest(to: server) { break }
      if descriptors[1].revents != 0, !passReply(from: server) { break }
    }
    if replied > 0 { passed(message, replied) }
  }

  /// Returns whether the connection goes on.
  private mutating func passRequest(to server: Int32) -> Bool {
    let count = recv(client, &buffer, buffer.count, 0)
    guard count > 0 else { return false }
    if replied > 0 {
      passed(message, replied)
      (request, message, replied, limit) = ([], "", 0, nil)
    }
    request += buffer[..<count]
    return send(buffer[..<count], to: server)
  }

  private mutating func passReply(from server: Int32) -> Bool {
    let count = recv(server, &buffer, buffer.count, 0)
    guard count > 0 else { return false }
    if replied == 0 {
      message = Self.messageType(of: request)
      limit = cut(message)
    }
    if let limit, replied + count >= limit {
      _ = send(buffer[..<(limit - replied)], to: client)
      replied = 0
      didCut()
      reset(client)
      return false
    }
    replied += count
    return send(buffer[..<count], to: client)
  }

  private func send(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Has the connection closed by a reset instead of in good order.
  private func reset(_ descriptor: Int32) {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  /// The type of a request's message; empty when the request is not understood.
  private static func messageType(of request: [UInt8]) -> String {
    guard let head = request.firstRange(of: Array("\r\n\r\n".utf8)),
      // What is no envelope is for the server to judge.
      let envelope = try? RequestEnvelope(parsing: request[head.upperBound...])
    else { return "" }
    return envelope.payloadType
  }
}
