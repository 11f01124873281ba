internal import Glibc
internal import Locking
internal import TestSupport

/// Ports of this machine for a test's servers.
package enum FreePort {
  /// Below those that the system gives to connections, which could take a port while its server is stopped.
  private static let range: ClosedRange<UInt16> = 15_000...32_000

  /// Those that were found. Whoever has one may not listen on it yet, or not at every moment.
  private static let given = Locked<Set<UInt16>>([])

  /// Finds different ports that nobody listens on at this moment, and that were not found before.
  package static func find(_ count: Int) throws -> [UInt16] {
    var found: [UInt16: Int32] = [:]
    // Open until all are found, so that none is found twice.
    defer { for descriptor in found.values { close(descriptor) } }
    for _ in 0..<1000 {
      let port = UInt16.random(in: range)
      guard given.withLock({ $0.insert(port).inserted }) else { continue }
      if let descriptor = bound(to: port) { found[port] = descriptor }
      if found.count == count { return Array(found.keys) }
    }
    throw Failure("there are no free ports")
  }

  private static func bound(to port: UInt16) -> Int32? {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if code == 0 { return descriptor }
    close(descriptor)
    return nil
  }
}
