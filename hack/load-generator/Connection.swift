import Glibc

/// A kept connection to the server, with at most one request under way. Blocks nobody: the loop is told by the
/// system when there is something to read.
final class Connection {
  /// A whole answer. The bytes are lent.
  struct Answer {
    let status: Int
    let body: UnsafeRawBufferPointer
  }

  let descriptor: Int32
  /// When the operation under way began, in nanoseconds of the monotonic clock.
  var operationStart: UInt64 = 0
  private var received = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
  private var count = 0

  init(port: UInt16) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0 else { throw LoadFailure("cannot connect: \(String(cString: strerror(errno)))") }
    var yes: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  deinit {
    close(descriptor)
    received.deallocate()
  }

  /// Sends a whole request. One request is far smaller than a socket's buffer, and the one before it has been
  /// answered, so the buffer has room.
  func send(_ request: [UInt8]) throws {
    let sent = request.withUnsafeBytes {
      Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
    guard sent == request.count else { throw LoadFailure("the connection broke while sending") }
  }

  /// Reads what has come.
  /// - Returns: The answer, if it is whole.
  func receive() throws -> Answer? {
    if count == received.count { grow() }
    let read = recv(descriptor, received.baseAddress?.advanced(by: count), received.count - count, 0)
    if read < 0, errno == EAGAIN { return nil }
    guard read > 0 else { throw LoadFailure("the server closed the connection") }
    count += read
    let bytes = UnsafeRawBufferPointer(rebasing: received[..<count])
    guard let head = HTTPHead(bytes), bytes.count >= head.length + head.contentLength else { return nil }
    guard bytes.count == head.length + head.contentLength else {
      throw LoadFailure("the server sent more than one answer")
    }
    count = 0
    return Answer(status: head.status, body: UnsafeRawBufferPointer(rebasing: bytes[head.length...]))
  }

  private func grow() {
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: received.count * 2, alignment: 16)
    larger.copyMemory(from: UnsafeRawBufferPointer(received))
    received.deallocate()
    received = larger
  }
}

/// As much of an answer's head as a load needs.
private struct HTTPHead {
  let status: Int
  let length: Int
  let contentLength: Int

  /// Reads the head, or nil when it is not whole yet or has no length.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard let end = bytes.firstIndex(of: "\r\n\r\n"), bytes.count > 12 else { return nil }
    let head = UnsafeRawBufferPointer(rebasing: bytes[..<end])
    guard let field = head.firstIndex(of: "ontent-length: ") ?? head.firstIndex(of: "ontent-Length: ") else {
      return nil
    }
    length = end + 4
    status = Self.number(bytes, at: 9)
    contentLength = Self.number(bytes, at: field + 15)
  }

  private static func number(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Int {
    var value = 0
    for byte in bytes[start...] {
      guard (0x30...0x39).contains(byte) else { break }
      value = value * 10 + Int(byte - 0x30)
    }
    return value
  }
}

extension UnsafeRawBufferPointer {
  /// Where a text first occurs.
  func firstIndex(of text: StaticString) -> Int? {
    guard let start = baseAddress else { return nil }
    let length = text.utf8CodeUnitCount
    var position = 0
    while position + length <= count {
      guard let found = memchr(start + position, Int32(text.utf8Start.pointee), count - position - length + 1)
      else { return nil }
      if memcmp(found, text.utf8Start, length) == 0 { return UnsafeRawPointer(found) - start }
      position = UnsafeRawPointer(found) - start + 1
    }
    return nil
  }
}

/// Why there is no measurement.
struct LoadFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
