internal import JSON

/// Whether the caller may do something (`SelfSubjectAccessReview`). Asking changes nothing.
public struct AccessReview: Sendable, Hashable {
  /// What the caller may want to do.
  public struct Question: Sendable, Hashable {
    /// The verb of the rule, such as `get`, `watch` or `patch`.
    public var verb: String
    /// The API group; empty for the core group.
    public var group: String
    /// The resource, such as `deployments`.
    public var resource: String
    /// The subresource, such as `scale`.
    public var subresource: String?
    /// The namespace; nil asks about all of them.
    public var namespace: String?
    /// The object's name; nil asks about all of them.
    public var name: String?

    /// Asks about a verb on a resource.
    public init(
      _ verb: String, _ resource: APIResource, subresource: String? = nil, namespace: String?,
      name: String? = nil
    ) {
      self.verb = verb
      group = resource.group
      self.resource = resource.plural
      self.subresource = subresource
      self.namespace = namespace
      self.name = name
    }
  }

  /// Whether the caller may.
  public var isAllowed: Bool
  /// Why, in the server's words; often empty.
  public var reason: String

  init(_ json: JSONValue) throws(KubernetesError) {
    let status = try ObjectReader(json, "SelfSubjectAccessReview").nested("status")
    guard let isAllowed = try status.bool("allowed") else {
      throw KubernetesError(.invalidReply, "the answer to the access review has no status")
    }
    self.isAllowed = isAllowed
    reason = try status.string("reason") ?? ""
  }
}

extension AccessReview.Question {
  var json: JSONValue {
    var attributes = JSONObject()
    for (key, value) in [
      ("namespace", namespace), ("verb", verb), ("group", group), ("resource", resource),
      ("subresource", subresource), ("name", name),
    ] {
      if let value, !value.isEmpty { attributes.append(key, .string(value)) }
    }
    let resource = APIResource.selfSubjectAccessReviews
    return [
      "apiVersion": .string(resource.apiVersion), "kind": .string(resource.kind),
      "spec": ["resourceAttributes": .object(attributes)],
    ]
  }
}
