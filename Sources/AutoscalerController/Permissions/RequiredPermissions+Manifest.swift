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
        "rules": .array(permissions.rules.map(\.json)),
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

extension PermissionRule {
  fileprivate var json: JSONValue {
    var rule = JSONObject()
    rule.append("apiGroups", .strings([group]))
    rule.append("resources", .strings([resource]))
    if !names.isEmpty { rule.append("resourceNames", .strings(names)) }
    rule.append("verbs", .strings(verbs))
    return .object(rule)
  }
}
