import Glibc
import HTTPTransport
import Locking

/// The server's end of one connection, with blocking calls.
final class TestConnection: Sendable {
  /// Closed under the lock, so that no other thread uses the number when the system has given it away again.
  private let descriptor: Locked<Int32>
  private let unread = Locked<[UInt8]>([])

  init(_ descriptor: Int32) { self.descriptor = Locked(descriptor) }

  // MARK: Reading

  /// Reads one request; nil when the client is gone.
  func readRequest() -> ReceivedRequest? {
    var bytes = unread.withLock { $0 }
    var end = Self.endOfHead(bytes)
    while end == nil {
      guard let more = receive() else { return nil }
      bytes += more
      end = Self.endOfHead(bytes)
    }
    guard let end else { return nil }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n").map(String.init)
    var headers = HTTPHeaders()
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
      headers.append(name: parts[0], value: parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "")
    }
    let length = headers["Content-Length"].flatMap(Int.init) ?? 0
    while bytes.count < end + length {
      guard let more = receive() else { return nil }
      bytes += more
    }
    let rest = Array(bytes[(end + length)...])
    unread.withLock { $0 = rest }
    return ReceivedRequest(line: lines.first ?? "", headers: headers, body: Array(bytes[end..<end + length]))
  }

  /// Blocks until the client or the server closes the connection.
  func waitForClose() { while receive() != nil {} }

  /// Whether the client closes the connection, or says something, in this time.
  func isClosed(within time: Duration) -> Bool {
    var entry = pollfd(fd: descriptor.withLock { $0 }, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, Int32(time / .milliseconds(1))) != 0
  }

  private static func endOfHead(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 4 else { return nil }
    let mark = Array("\r\n\r\n".utf8)
    return (0...bytes.count - 4).first { bytes[$0..<$0 + 4].elementsEqual(mark) }.map { $0 + 4 }
  }

  private func receive() -> [UInt8]? {
    let descriptor = descriptor.withLock { $0 }
    guard descriptor >= 0 else { return nil }
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? Array(buffer[..<count]) : nil
  }

  // MARK: Writing

  /// Sends bytes. Returns false when the client is gone.
  @discardableResult func send(_ bytes: [UInt8]) -> Bool { sendSome(bytes) == bytes.count }

  @discardableResult func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Sends a whole answer with its length.
  @discardableResult func respond(
    _ status: Int = 200, headers: HTTPHeaders = [:], body: [UInt8] = []
  ) -> Bool {
    var head = "HTTP/1.1 \(status) Words\r\nContent-Length: \(body.count)\r\n"
    for field in headers.fields { head += "\(field.name): \(field.value)\r\n" }
    return send(Array((head + "\r\n").utf8) + body)
  }

  /// Sends until everything is sent, the client is gone, or the client has taken nothing for the send
  /// timeout.
  /// - Returns: How many bytes were sent.
  func sendSome(_ bytes: [UInt8]) -> Int {
    let descriptor = descriptor.withLock { $0 }
    var sent = 0
    while sent < bytes.count, descriptor >= 0 {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { break }
      sent += count
    }
    return sent
  }

  /// How long a send may make no progress; without it, it waits for ever.
  func setSendTimeout(milliseconds: Int) {
    var time = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
    descriptor.withLock {
      _ = setsockopt($0, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }
  }

  // MARK: Ending

  func close() {
    descriptor.withLock { descriptor in
      if descriptor >= 0 { Glibc.close(descriptor) }
      descriptor = -1
    }
  }

  /// Closes with a reset in place of an orderly end.
  func reset() {
    var option = linger(l_onoff: 1, l_linger: 0)
    descriptor.withLock {
      _ = setsockopt($0, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
    close()
  }

  /// Ends every blocking call on the connection.
  func interrupt() { descriptor.withLock { if $0 >= 0 { _ = shutdown($0, Int32(SHUT_RDWR)) } } }
}
