import Glibc

/// A socket with a loopback port that nobody else can have, and on which nobody listens yet.
struct BoundSocket {
  let descriptor: Int32
  let port: UInt16

  init() {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) + getsockname(descriptor, address, &length)
      }
    }
    precondition(descriptor >= 0 && code == 0, "there is a loopback port")
    self.descriptor = descriptor
    port = UInt16(bigEndian: address.sin_port)
  }
}
