internal import JSON

/// Which object something is about.
public struct ObjectReference: Sendable, Hashable {
  public var apiVersion: String
  public var kind: String
  public var namespace: String?
  public var name: String
  public var uid: String?
  public var resourceVersion: String?

  /// Refers to an object by its name.
  public init(
    apiVersion: String, kind: String, namespace: String?, name: String, uid: String? = nil,
    resourceVersion: String? = nil
  ) {
    self.apiVersion = apiVersion
    self.kind = kind
    self.namespace = namespace
    self.name = name
    self.uid = uid
    self.resourceVersion = resourceVersion
  }

  /// Refers to an object that was read.
  public init(_ resource: APIResource, _ metadata: ObjectMeta) {
    self.init(
      apiVersion: resource.apiVersion, kind: resource.kind, namespace: metadata.namespace,
      name: metadata.name, uid: metadata.uid, resourceVersion: metadata.resourceVersion)
  }

  init(_ reader: ObjectReader) throws(KubernetesError) {
    apiVersion = try reader.string("apiVersion") ?? ""
    kind = try reader.string("kind") ?? ""
    namespace = try reader.string("namespace")
    name = try reader.string("name") ?? ""
    uid = try reader.string("uid")
    resourceVersion = try reader.string("resourceVersion")
  }

  var json: JSONValue {
    var object = JSONObject()
    for (key, value) in [
      ("apiVersion", apiVersion), ("kind", kind), ("namespace", namespace), ("name", name), ("uid", uid),
      ("resourceVersion", resourceVersion),
    ] {
      if let value { object.append(key, .string(value)) }
    }
    return .object(object)
  }
}
