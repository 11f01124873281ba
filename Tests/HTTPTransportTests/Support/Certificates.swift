import HTTPTransport
import TestSupport

/// Certificate authorities, servers' and clients' certificates of one test, made by the `openssl` program.
final class Certificates: Sendable {
  let directory: TemporaryDirectory

  init() { directory = TemporaryDirectory() }

  /// Makes `name.crt` and `name.key`, which sign others.
  func makeAuthority(_ name: String) async throws {
    try await make(name, [])
  }

  /// Makes `name.crt` and `name.key`, signed by an authority.
  func make(_ name: String, names: String, signedBy authority: String) async throws {
    try await make(
      name,
      [
        "-CA", directory.file("\(authority).crt"), "-CAkey", directory.file("\(authority).key"),
        "-addext", "subjectAltName=\(names)", "-addext", "basicConstraints=critical,CA:FALSE",
      ])
  }

  private func make(_ name: String, _ more: [String]) async throws {
    let arguments = [
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
      "-days", "2", "-subj", "/CN=\(name)", "-keyout", directory.file("\(name).key"),
      "-out", directory.file("\(name).crt"),
    ]
    try await ChildProcess.run(arguments + more)
  }

  /// The hash of a certificate's public key.
  func pin(_ name: String) async throws -> PublicKeyPin? {
    let file = directory.file
    try await ChildProcess.run([
      "openssl", "x509", "-in", file("\(name).crt"), "-pubkey", "-noout", "-out", file("\(name).pub"),
    ])
    try await ChildProcess.run([
      "openssl", "pkey", "-pubin", "-in", file("\(name).pub"), "-outform", "der", "-out", file("\(name).der"),
    ])
    try await ChildProcess.run([
      "openssl", "dgst", "-sha256", "-binary", "-out", file("\(name).hash"), file("\(name).der"),
    ])
    let text = try await ChildProcess.run(["openssl", "base64", "-in", file("\(name).hash")])
    return PublicKeyPin(base64: String(text.prefix { $0 != "\n" }))
  }

  func file(_ name: String) -> PEM { .file(directory.file(name)) }

  func bytes(_ name: String) throws -> PEM { .bytes(try directory.bytes(name)) }
}
