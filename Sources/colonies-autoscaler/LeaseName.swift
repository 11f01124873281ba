internal import ArgumentParser

/// A lease as people type it: `NAMESPACE/NAME`, or `NAME`.
struct LeaseName: ExpressibleByArgument {
  /// The namespace; nil for the default one.
  let namespace: String?
  let name: String

  /// The name of the lease where nobody names another.
  static let usual = "colonies-autoscaler"

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { return nil }
    namespace = parts.count == 2 ? parts[0] : nil
    name = parts[parts.count - 1]
  }
}
