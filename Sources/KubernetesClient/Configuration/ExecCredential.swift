internal import HTTPTransport
internal import JSON

/// What an `exec` plugin printed.
struct ExecCredential: Sendable, Hashable {
  let token: BearerToken?
  let identity: TLSConfiguration.Identity?
  /// Until when it is good; nil for as long as the process runs.
  let expiry: KubernetesTime?

  /// Reads a plugin's output.
  /// - Throws: What is wrong, without any of the output.
  init(_ output: [UInt8], from plugin: ExecPlugin) throws(KubernetesError) {
    func invalid(_ problem: String) -> KubernetesError {
      KubernetesError(.noCredentials, "\(plugin): its output \(problem)")
    }
    guard let json = try? JSONValue(parsing: output) else { throw invalid("is not JSON") }
    guard json["kind"]?.string == "ExecCredential" else { throw invalid("is not of the kind ExecCredential") }
    guard json["apiVersion"]?.string == plugin.version.rawValue else {
      throw invalid("is not of the version \(plugin.version.rawValue), which the kubeconfig asks for")
    }
    guard let status = json["status"], status.object != nil else { throw invalid("has no status") }
    func text(_ key: String) -> String? { status[key]?.string.flatMap { $0.isEmpty ? nil : $0 } }
    token = text("token").map { BearerToken($0) }
    switch (text("clientCertificateData"), text("clientKeyData")) {
    case (nil, nil): identity = nil
    case (let certificate?, let key?):
      identity = TLSConfiguration.Identity(
        certificate: .bytes(Array(certificate.utf8)), privateKey: .bytes(Array(key.utf8)))
    default: throw invalid("has a certificate without its key, or the other way round")
    }
    guard token != nil || identity != nil else { throw invalid("has neither a token nor a certificate") }
    if let text = text("expirationTimestamp") {
      guard let time = KubernetesTime(text) else {
        throw invalid("has an expirationTimestamp that is no time")
      }
      expiry = time
    } else {
      expiry = nil
    }
  }

  func isExpired(at time: KubernetesTime) -> Bool { expiry.map { $0 <= time } ?? false }
}
