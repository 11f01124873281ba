public import KubernetesClient

/// The least that an autoscaler must be allowed to do, for one configuration.
public struct RequiredPermissions: Sendable, Hashable {
  /// What the autoscaler is to do.
  public enum Purpose: String, Sendable, Hashable, CaseIterable {
    /// Scale.
    case run
    /// Look, decide and explain.
    case dryRun = "dry-run"
    /// As a dry run, and send changes for the API server to check.
    case serverDryRun = "server-dry-run"
  }

  /// Where the autoscaler's own objects are.
  public struct Own: Sendable, Hashable {
    /// The ConfigMap that it follows, if it follows one.
    public var configMap: ConfigMapReference?
    /// The lease that it competes for, if it does: namespace and name.
    public var lease: LeaseReference?

    /// Describes the autoscaler's own objects.
    public init(configMap: ConfigMapReference? = nil, lease: LeaseReference? = nil) {
      self.configMap = configMap
      self.lease = lease
    }
  }

  /// The rules by namespace, in the order of the namespaces.
  public var namespaces: [NamespacePermissions]

  init(namespaces: [NamespacePermissions]) { self.namespaces = namespaces }

  /// Collects what is needed.
  /// - Parameters:
  ///   - defaultNamespace: The namespace of targets that name none.
  ///   - resolve: Finds how the API serves a kind that not every cluster has.
  public init(
    _ configuration: AutoscalerConfiguration, own: Own, purpose: Purpose, defaultNamespace: String,
    resolve: (_ apiVersion: String, _ kind: String) async throws(KubernetesError) -> APIResource
  ) async throws(KubernetesError) {
    var rules: [String: [PermissionRule]] = [:]
    let objects = configuration.scalers.compactMap { scaler -> ClusterObject? in
      guard case .scalable(let target) = scaler.target else { return nil }
      return ClusterObject(target, defaultNamespace: defaultNamespace)
    }
    for group in ClusterView.grouped(Set(objects)) {
      let resource: APIResource
      if let known = group.kind.knownResource {
        resource = known
      } else {
        resource = try await resolve(group.kind.apiVersion, group.kind.kind)
      }
      rules[group.namespace, default: []] += Self.rules(group, resource, purpose)
    }
    let cordoned = configuration.scalers.filter(\.choosesPods).compactMap { scaler -> String? in
      guard case .scalable(let target) = scaler.target else { return nil }
      return ClusterObject(target, defaultNamespace: defaultNamespace).namespace
    }
    for namespace in rules.keys {
      rules[namespace]? += [
        Self.podRule(cordoned.contains(namespace) ? purpose : nil),
        PermissionRule(
          HorizontalPodAutoscaler.resource, verbs: ["list", "watch"], purpose: "see who else scales a target"),
        PermissionRule(
          KEDAScaledObject.resource, verbs: ["list", "watch"], purpose: "see who else scales a target"),
      ]
    }
    if let configMap = own.configMap {
      rules[configMap.namespace, default: []].append(
        PermissionRule(
          .configMaps, names: [configMap.name], verbs: ["get", "list", "watch"],
          purpose: "follow the configuration"))
    }
    if purpose == .run {
      if let lease = own.lease {
        rules[lease.namespace, default: []] += [
          PermissionRule(
            .leases, verbs: ["create"], purpose: "make the lease (a name cannot be asked for here)"),
          PermissionRule(
            .leases, names: [lease.name], verbs: ["get", "list", "watch", "update"],
            purpose: "take part in the election"),
        ]
      }
      for namespace in Set(objects.map(\.namespace)).union(own.configMap.map { [$0.namespace] } ?? []) {
        rules[namespace, default: []].append(
          PermissionRule(.events, verbs: ["create", "patch"], purpose: "tell people what happened"))
      }
    }
    namespaces = rules.map { NamespacePermissions(namespace: $0.key, rules: $0.value) }
      .sorted { $0.namespace < $1.namespace }
  }

  /// Labels cannot be asked for here, so it is all pods of the namespace.
  /// - Parameter purpose: What it is for where it is chosen which pods go; nil elsewhere.
  private static func podRule(_ purpose: Purpose?) -> PermissionRule {
    let room = "see pods that no node has room for"
    return switch purpose {
    case nil: PermissionRule(.pods, verbs: ["list"], purpose: room)
    case .dryRun:
      PermissionRule(.pods, verbs: ["list", "watch"], purpose: "\(room), and whose workers are idle")
    default:
      PermissionRule(
        .pods, verbs: ["list", "watch", "patch"],
        purpose: "\(room), and whose workers are idle, and mark those that are to go")
    }
  }

  private static func rules(
    _ group: ClusterView.Group, _ resource: APIResource, _ purpose: Purpose
  ) -> [PermissionRule] {
    // The replicas of the kinds that every cluster has are seen in the objects themselves.
    var verbs = group.kind.knownResource == nil ? ["get"] : []
    if purpose != .dryRun { verbs.append("patch") }
    let follow = PermissionRule(
      resource, names: group.isWatchedByName ? group.names : [], verbs: ["get", "list", "watch"],
      purpose: "follow the targets")
    guard !verbs.isEmpty else { return [follow] }
    return [
      follow,
      PermissionRule(
        resource, subresource: "scale", names: group.names, verbs: verbs,
        purpose: verbs.map { $0 == "get" ? "read" : "set" }.joined(separator: " and ") + " replicas"),
    ]
  }
}

extension PermissionRule {
  init(
    _ resource: APIResource, subresource: String? = nil, names: [String] = [], verbs: [String],
    purpose: String
  ) {
    self.init(
      group: resource.group,
      resource: [resource.plural, subresource].compactMap { $0 }.joined(separator: "/"),
      names: names, verbs: verbs, purpose: purpose)
  }
}
