import Glibc
import TestSupport

/// A server of another make, on a loopback port.
struct TLSServer {
  let process: ChildProcess
  let port: Int

  func url(_ path: String = "/", host: String = "127.0.0.1") -> String { "https://\(host):\(port)\(path)" }

  /// `openssl s_server`: HTTP/1.0, one connection at a time, answers with a page about the connection.
  static func openssl(_ certificates: Certificates, name: String, _ more: [String] = []) async throws
    -> TLSServer
  {
    let directory = certificates.directory
    let process = try ChildProcess(
      [
        "openssl", "s_server", "-accept", "127.0.0.1:0", "-www",
        "-cert", directory.file("\(name).crt"), "-key", directory.file("\(name).key"),
      ] + more)
    let line = try await process.line(with: "ACCEPT 127.0.0.1:")
    let port = line.split(separator: ":").last.flatMap { Int($0) }
    guard let port else { throw ChildProcess.Failed(description: line) }
    return TLSServer(process: process, port: port)
  }

  /// `nghttpd`: HTTP/2, serves the certificates' directory and sends uploads back.
  static func nghttpd(_ certificates: Certificates, name: String) async throws -> TLSServer {
    // It cannot choose a port itself. Somebody may take the free one first, so there is more than one try.
    for _ in 0..<5 {
      let probe = TestServer { _, _ in }
      let port = Int(probe.port)
      probe.stop()
      let directory = certificates.directory
      let process = try ChildProcess([
        "nghttpd", "-v", "--echo-upload", "-a", "127.0.0.1", "-d", directory.path, String(port),
        directory.file("\(name).key"), directory.file("\(name).crt"),
      ])
      // It says either "IPv4: listen 127.0.0.1:…" or "Could not listen".
      let line = try await process.line(with: "listen", isWhole: false)
      if line.contains("IPv4") { return TLSServer(process: process, port: port) }
    }
    throw ChildProcess.Failed(description: "nghttpd found no port")
  }
}
