import Glibc
import TestSupport

/// A connection on which a test says exactly what it wants, right or wrong.
final class RawConnection: Sendable {
  /// An answer as it came.
  struct Answer: Sendable {
    let status: Int
    /// Whether the server says that it ends the connection.
    let isLast: Bool
    let body: [UInt8]
  }

  private let descriptor: Int32

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port)).bigEndian
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    // A server that never answers fails a test instead of stopping all of them.
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0 else { throw Failure("cannot connect: \(String(cString: strerror(errno)))") }
  }

  deinit { Glibc.close(descriptor) }

  /// Sends a request for `/api` with this body.
  func post(_ body: [UInt8]) throws {
    // In one piece: the system would hold a second one back until the first is acknowledged.
    let head = "POST /api HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.count)\r\n\r\n"
    try send(Array(head.utf8) + body)
  }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Failure("the connection broke while sending") }
      rest = rest.dropFirst(count)
    }
  }

  /// Reads one answer that says how long it is.
  func answer() async throws -> Answer { try await onThread { try self.readAnswer() } }

  private func readAnswer() throws -> Answer {
    var bytes: [UInt8] = []
    let end = Array("\r\n\r\n".utf8)
    while true {
      if let head = bytes.firstRange(of: end) {
        let lines = String(decoding: bytes[..<head.lowerBound], as: UTF8.self).lowercased().split(
          separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }),
          let length = lines.first(where: { $0.hasPrefix("content-length: ") })
            .flatMap({ Int($0.dropFirst(16)) })
        else { throw Failure("not an answer: \(lines)") }
        while bytes.count < head.upperBound + length { bytes += try receive() }
        return Answer(
          status: status, isLast: lines.contains("connection: close"), body: Array(bytes[head.upperBound...]))
      }
      bytes += try receive()
    }
  }

  private func receive() throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { throw Failure("the connection ended without a whole answer") }
    return Array(buffer[..<count])
  }
}

extension [UInt8] {
  fileprivate func firstRange(of other: [UInt8]) -> Range<Int>? {
    guard count >= other.count else { return nil }
    return (0...count - other.count).first { self[$0..<$0 + other.count].elementsEqual(other) }
      .map { $0..<$0 + other.count }
  }
}
