internal import HTTPTransport

/// For whom a caller acts: a kubeconfig's `as` and what belongs to it.
public struct Impersonation: Sendable, Hashable {
  /// The user.
  public var user: String
  /// The user's unique id.
  public var uid: String?
  /// The groups.
  public var groups: [String]
  /// Anything else that authorization may look at.
  public var extra: [String: [String]]

  /// Describes a user.
  public init(user: String, uid: String? = nil, groups: [String] = [], extra: [String: [String]] = [:]) {
    self.user = user
    self.uid = uid
    self.groups = groups
    self.extra = extra
  }

  var headers: [HTTPHeaders.Field] {
    var fields = [HTTPHeaders.Field(name: "Impersonate-User", value: user)]
    if let uid { fields.append(HTTPHeaders.Field(name: "Impersonate-Uid", value: uid)) }
    fields += groups.map { HTTPHeaders.Field(name: "Impersonate-Group", value: $0) }
    for (key, values) in extra.sorted(by: { $0.key < $1.key }) {
      fields += values.map {
        HTTPHeaders.Field(name: "Impersonate-Extra-\(key.percentEncoded)", value: $0)
      }
    }
    return fields
  }
}
