internal import Files
internal import HTTPTransport

extension ClusterConfiguration {
  /// Where Kubernetes puts the files of a pod's service account.
  public static let serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount"

  /// The cluster in whose pod this process runs; nil outside of one.
  /// - Throws: `invalidConfiguration` when this is a pod, but its service account's files are not there.
  public static func inCluster(
    environment: [String: String], folder: String = serviceAccountFolder
  ) throws(KubernetesError) -> ClusterConfiguration? {
    guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
      let port = environment["KUBERNETES_SERVICE_PORT"], !port.isEmpty
    else { return nil }
    let token = "\(folder)/token"
    let authorities = "\(folder)/ca.crt"
    for file in [token, authorities] where !File.exists(file) {
      throw KubernetesError(
        .invalidConfiguration,
        "this looks like a pod (KUBERNETES_SERVICE_HOST is set), but \(file) is missing: "
          + "is automountServiceAccountToken false?")
    }
    // A mount of before 1.4 or of somebody's own may lack it.
    let namespace = (try? File.text("\(folder)/namespace", limit: 1024))?.trimmed
    return ClusterConfiguration(
      server: "https://\(host.contains(":") ? "[\(host)]" : host):\(port)",
      tls: TLSConfiguration(trust: .authorities(.file(authorities))),
      // The API server is beside the pod: the environment's proxy is for what lies outside.
      proxy: .none, credentials: .tokenFile(token),
      namespace: namespace.flatMap { $0.isEmpty ? nil : $0 } ?? "default", origin: "the pod's service account"
    )
  }
}

extension String {
  /// The text without white space around it.
  var trimmed: String {
    var rest = utf8[...]
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0d ~= byte }
    while let byte = rest.first, isBlank(byte) { rest.removeFirst() }
    while let byte = rest.last, isBlank(byte) { rest.removeLast() }
    return String(Substring(rest))
  }
}
