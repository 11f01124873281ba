internal import Subprocess
package import TestSupport

/// Certificates of one test, made by the `openssl` program as `NAME.crt` and `NAME.key` in a directory.
package struct Certificates: Sendable {
  package let directory: TemporaryDirectory

  package init(in directory: TemporaryDirectory) { self.directory = directory }

  /// Makes an authority, which signs others.
  package func makeAuthority(_ name: String) async throws {
    try await request(name, subject: "/CN=\(name)", [])
  }

  /// Makes a certificate.
  /// - Parameters:
  ///   - subject: Who it is, as `/O=group/CN=name`.
  ///   - names: The server's names, as `IP:127.0.0.1,DNS:example`.
  package func make(
    _ name: String, subject: String, names: String? = nil, signedBy authority: String
  ) async throws {
    var arguments = [
      "-CA", directory.file("\(authority).crt"), "-CAkey", directory.file("\(authority).key"), "-addext",
      "basicConstraints=critical,CA:FALSE",
    ]
    if let names { arguments += ["-addext", "subjectAltName=\(names)"] }
    try await request(name, subject: subject, arguments)
  }

  /// Makes a private key, `NAME.key`, with which an API server signs the tokens of service accounts.
  package func makeKey(_ name: String) async throws {
    try await Self.openssl([
      "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out",
      directory.file("\(name).key"),
    ])
  }

  private func request(_ name: String, subject: String, _ more: [String]) async throws {
    let arguments = [
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
      "-subj", subject, "-keyout", directory.file("\(name).key"), "-out", directory.file("\(name).crt"),
    ]
    try await Self.openssl(arguments + more)
  }

  private static func openssl(_ arguments: [String]) async throws {
    let result = try await Subprocess.run(
      .name("openssl"), arguments: Arguments(arguments), output: .string(limit: 1 << 16),
      error: .combinedWithOutput)
    guard result.terminationStatus == .exited(0) else {
      throw Failure("openssl \(arguments.first ?? ""): \(result.standardOutput)")
    }
  }
}
