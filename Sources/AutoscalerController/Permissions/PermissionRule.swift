/// One rule of a Role: what may be done with which objects.
public struct PermissionRule: Sendable, Hashable {
  /// The API group; empty for the core group.
  public var group: String
  /// The resource, with a subresource as `deployments/scale`.
  public var resource: String
  /// The objects' names; empty for all.
  public var names: [String]
  /// What may be done.
  public var verbs: [String]
  /// What the autoscaler needs it for.
  public var purpose: String
}

/// The rules for one namespace.
public struct NamespacePermissions: Sendable, Hashable {
  /// The namespace.
  public var namespace: String
  /// The rules, in an order that stays.
  public var rules: [PermissionRule]
}

extension PermissionRule: CustomStringConvertible {
  /// The rule in one line: `patch deployments.apps/scale fibonacci-deployment`.
  public var description: String {
    let parts = resource.split(separator: "/", maxSplits: 1)
    let kind = group.isEmpty ? "\(parts[0])" : "\(parts[0]).\(group)"
    let what = parts.count > 1 ? "\(kind)/\(parts[1])" : kind
    return "\(verbs.joined(separator: ",")) \(what)"
      + (names.isEmpty ? "" : " \(names.joined(separator: ","))")
  }
}
