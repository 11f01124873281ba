internal import JSON
internal import YAML

extension RequiredPermissions {
  /// Who is to get the permissions.
  public enum Subject: Sendable, Hashable {
    /// A service account.
    case serviceAccount(namespace: String, name: String)
    /// A person, by the name that the cluster knows.
    case user(String)
  }

  /// A Role and a RoleBinding for each namespace, as documents for the API.
  /// - Parameter name: The name of all of them.
  func documents(named name: String, for subject: Subject) -> [JSONValue] {
    namespaces.flatMap { permissions -> [JSONValue] in
      let metadata: JSONValue = ["name": .string(name), "namespace": .string(permissions.namespace)]
      let role: JSONValue = [
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": metadata,
        "rules": .array(RoleRule.combining(permissions.rules).map(\.json)),
      ]
      let binding: JSONValue = [
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": metadata,
        "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": .string(name)],
        "subjects": [subject.json],
      ]
      return [role, binding]
    }
  }

  /// The documents as a `List`, in JSON.
  public func jsonText(named name: String, for subject: Subject) -> String {
    let list: JSONValue = [
      "apiVersion": "v1", "kind": "List", "items": .array(documents(named: name, for: subject)),
    ]
    return list.text(.indented(2))
  }

  /// The documents as one YAML text.
  public func manifest(named name: String, for subject: Subject) -> String {
    documents(named: name, for: subject).map { "---\n\($0.yaml)" }.joined()
  }
}

extension RequiredPermissions.Subject {
  fileprivate var json: JSONValue {
    switch self {
    case .serviceAccount(let namespace, let name):
      ["kind": "ServiceAccount", "name": .string(name), "namespace": .string(namespace)]
    case .user(let name):
      ["kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": .string(name)]
    }
  }
}

/// A rule as a Role has it: what may be done alike with several resources is one rule.
private struct RoleRule {
  var groups: [String]
  var resources: [String]
  let names: [String]
  let verbs: [String]
  let purpose: String

  /// The rules with those joined that allow the same for the same purpose.
  static func combining(_ rules: [PermissionRule]) -> [RoleRule] {
    rules.reduce(into: []) { combined, rule in
      // A name belongs to one resource, and a rule allows each of its names with each of its resources.
      if let index = combined.firstIndex(where: {
        $0.names.isEmpty && rule.names.isEmpty && $0.verbs == rule.verbs && $0.purpose == rule.purpose
      }) {
        combined[index].groups.append(rule.group)
        combined[index].resources.append(rule.resource)
      } else {
        combined.append(
          RoleRule(
            groups: [rule.group], resources: [rule.resource], names: rule.names, verbs: rule.verbs,
            purpose: rule.purpose))
      }
    }
  }

  var json: JSONValue {
    var rule = JSONObject()
    rule.append("apiGroups", .strings(groups))
    rule.append("resources", .strings(resources))
    if !names.isEmpty { rule.append("resourceNames", .strings(names)) }
    rule.append("verbs", .strings(verbs))
    return .object(rule)
  }
}
