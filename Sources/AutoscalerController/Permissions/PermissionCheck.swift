public import KubernetesClient

/// What an autoscaler needs to be allowed and is not.
public struct MissingPermission: Sendable, Hashable, CustomStringConvertible {
  /// The namespace.
  public var namespace: String
  /// The rule that would grant what is missing, and no more.
  public var rule: PermissionRule

  /// What is missing, and the rule that grants it.
  public var description: String {
    let names =
      rule.names.isEmpty ? "" : ", resourceNames: [\(rule.names.map { "\"\($0)\"" }.joined(separator: ", "))]"
    let verbs = rule.verbs.map { "\"\($0)\"" }.joined(separator: ", ")
    return "may not \(rule) in \(namespace), to \(rule.purpose); this rule of a Role grants it: "
      + "{apiGroups: [\"\(rule.group)\"], resources: [\"\(rule.resource)\"]\(names), verbs: [\(verbs)]}"
  }
}

extension RequiredPermissions {
  /// Asks the API server which of them the caller does not have.
  public func missing(_ client: KubernetesClient) async throws(KubernetesError) -> [MissingPermission] {
    var missing: [MissingPermission] = []
    for permissions in namespaces {
      for rule in permissions.rules {
        guard let lacking = try await rule.lacking(in: permissions.namespace, client) else { continue }
        missing.append(MissingPermission(namespace: permissions.namespace, rule: lacking))
      }
    }
    return missing
  }
}

extension PermissionRule {
  /// The part of the rule that the caller lacks; nil when it lacks nothing.
  fileprivate func lacking(
    in namespace: String, _ client: KubernetesClient
  ) async throws(KubernetesError) -> PermissionRule? {
    var verbs: [String] = []
    var names: Set<String> = []
    for verb in self.verbs {
      // Whoever may do it with all objects need not be asked about each.
      if try await isAllowed(verb, nil, in: namespace, client) { continue }
      guard !self.names.isEmpty else {
        verbs.append(verb)
        continue
      }
      var refused: [String] = []
      for name in self.names where try await !isAllowed(verb, name, in: namespace, client) {
        refused.append(name)
      }
      if !refused.isEmpty { verbs.append(verb) }
      names.formUnion(refused)
    }
    guard !verbs.isEmpty else { return nil }
    var lacking = self
    lacking.verbs = verbs
    lacking.names = names.sorted()
    return lacking
  }

  private func isAllowed(
    _ verb: String, _ name: String?, in namespace: String, _ client: KubernetesClient
  ) async throws(KubernetesError) -> Bool {
    let parts = resource.split(separator: "/", maxSplits: 1).map(String.init)
    let resource = APIResource(group: group, version: "*", plural: parts[0], kind: "")
    let question = AccessReview.Question(
      verb, resource, subresource: parts.count > 1 ? parts[1] : nil, namespace: namespace, name: name)
    return try await client.review(question).isAllowed
  }
}
