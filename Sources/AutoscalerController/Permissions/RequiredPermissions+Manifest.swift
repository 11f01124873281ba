internal import JSON
internal import YAML

extension RequiredPermissions {
  /// Who is to get the permissions.
  public struct Subject: Sendable, Hashable {
    /// The service account's namespace.
    public var namespace: String
    /// The service account's name.
    public var name: String

    /// Names a service account.
    public init(namespace: String, name: String) {
      self.namespace = namespace
      self.name = name
    }
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
        "subjects": [
          [
            "kind": "ServiceAccount", "name": .string(subject.name),
            "namespace": .string(subject.namespace),
          ]
        ],
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
