/// The version of an API server, as far as it matters here.
struct KubernetesVersion: Sendable, Hashable {
  let major: Int
  let minor: Int

  /// Reads a version such as `v1.22.17-gke.100`; nil when it is none.
  init?(_ text: String) {
    let parts = text.drop { $0 == "v" }.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, let major = Int(parts[0]), let minor = Int(parts[1].prefix { $0.isNumber }) else {
      return nil
    }
    self.major = major
    self.minor = minor
  }

  /// Whether ReplicaSets look at the cost of deleting a pod, unless somebody has switched that off.
  var honorsDeletionCost: Bool { (major, minor) >= (1, 22) }
}
