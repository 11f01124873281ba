public import KubernetesClient

extension RequiredPermissions {
  /// What a person must be allowed to do to ask a running autoscaler for its decisions. The autoscaler itself needs
  /// none of it.
  /// - Parameters:
  ///   - namespace: The autoscaler's namespace.
  ///   - lease: The lease by which its pod is found.
  public static func toExplain(in namespace: String, lease: LeaseReference) -> RequiredPermissions {
    let find = PermissionRule(
      .leases, names: [lease.name], verbs: ["get"], purpose: "find the pod that leads")
    // Which pod leads is another one at any time, so that none can be named.
    let ask = PermissionRule(.pods, subresource: "proxy", verbs: ["get"], purpose: "ask it for its decisions")
    let rules = [(lease.namespace, find), (namespace, ask)]
    return RequiredPermissions(
      namespaces: Dictionary(grouping: rules, by: \.0)
        .map { NamespacePermissions(namespace: $0.key, rules: $0.value.map(\.1)) }
        .sorted { $0.namespace < $1.namespace })
  }
}
