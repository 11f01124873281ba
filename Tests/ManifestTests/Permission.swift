import AutoscalerController
import YAML

/// One rule of a Role in a namespace, without the words about it.
struct Permission: Sendable, Hashable {
  let namespace: String
  let groups: [String]
  let resources: [String]
  let names: [String]
  let verbs: [String]

  /// The rules of a Role.
  static func all(of role: Manifest) -> [Permission] {
    (role["rules"]?.elements ?? []).map { rule in
      Permission(
        namespace: role.namespace ?? "", groups: rule["apiGroups"]?.list ?? [],
        resources: rule["resources"]?.list ?? [], names: rule["resourceNames"]?.list ?? [],
        verbs: rule["verbs"]?.list ?? [])
    }
  }

  /// The rules that the autoscaler itself says it needs.
  static func all(of permissions: RequiredPermissions) -> [Permission] {
    permissions.namespaces.flatMap { namespace in
      namespace.rules.map { rule in
        Permission(
          namespace: namespace.namespace, groups: [rule.group], resources: [rule.resource], names: rule.names,
          verbs: rule.verbs)
      }
    }
  }
}
