public import JSON

/// How many replicas of something there are, and should be: the subresource `scale` of any kind.
public struct Scale: KubernetesObject, Hashable {
  public var metadata: ObjectMeta
  /// How many are wanted. The API leaves zero out.
  public var replicas: Int
  /// How many there are.
  public var currentReplicas: Int
  /// Which pods they are, as a selector in text.
  public var selector: String

  public init(_ json: JSONValue) throws(KubernetesError) {
    let reader = try ObjectReader(json, "Scale")
    guard json["kind"]?.string == "Scale" else {
      throw KubernetesError(.invalidReply, "the answer is not a Scale", mayHaveHappened: true)
    }
    metadata = try ObjectMeta(of: json)
    replicas = try reader.nested("spec").int("replicas") ?? 0
    let status = try reader.nested("status")
    currentReplicas = try status.int("replicas") ?? 0
    selector = try status.string("selector") ?? ""
  }
}
