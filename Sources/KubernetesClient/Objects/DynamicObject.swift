public import JSON

/// An object of any kind, as it came.
public struct DynamicObject: KubernetesObject, Hashable {
  public var metadata: ObjectMeta
  /// The whole document.
  public var json: JSONValue

  public init(_ json: JSONValue) throws(KubernetesError) {
    metadata = try ObjectMeta(of: json)
    self.json = json
  }
}
