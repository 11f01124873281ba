public import JSON

/// Who an object is, and which version of it this is.
public struct ObjectMeta: Sendable, Hashable {
  /// The object's name; empty before the server has made one from `generateName`.
  public var name: String
  /// The beginning of a name that the server is to make.
  public var generateName: String?
  /// The namespace; nil for objects that live in none.
  public var namespace: String?
  /// The id that no other object ever has.
  public var uid: String?
  /// The object's version. It has no order; it is only ever given back.
  public var resourceVersion: String?
  /// Counts changes of what is wanted of the object.
  public var generation: Int?
  /// What selectors look at.
  public var labels: [String: String]
  /// Notes by tools.
  public var annotations: [String: String]
  /// When the object was made.
  public var creationTimestamp: KubernetesTime?
  /// When the object was asked to go, if it was.
  public var deletionTimestamp: KubernetesTime?
  /// What the object belongs to, and goes with.
  public var owners: [OwnerReference] = []

  /// Describes an object that is to be written.
  public init(
    name: String = "", generateName: String? = nil, namespace: String? = nil, resourceVersion: String? = nil,
    labels: [String: String] = [:], annotations: [String: String] = [:]
  ) {
    self.name = name
    self.generateName = generateName
    self.namespace = namespace
    self.resourceVersion = resourceVersion
    self.labels = labels
    self.annotations = annotations
  }

  /// Reads the metadata of an object.
  public init(of json: JSONValue) throws(KubernetesError) {
    let reader = try ObjectReader(json, json["kind"]?.string ?? "object").nested("metadata")
    name = try reader.string("name") ?? ""
    namespace = try reader.string("namespace")
    uid = try reader.string("uid")
    resourceVersion = try reader.string("resourceVersion")
    generation = try reader.int("generation")
    labels = try reader.strings("labels")
    annotations = try reader.strings("annotations")
    creationTimestamp = try reader.time("creationTimestamp")
    deletionTimestamp = try reader.time("deletionTimestamp")
    for owner in try reader.list("ownerReferences") {
      owners.append(try OwnerReference(ObjectReader(owner, "metadata.ownerReferences")))
    }
  }

  /// What a writer may say about an object.
  var json: JSONValue {
    var object = JSONObject()
    for (key, value) in [
      ("name", name.isEmpty ? nil : name), ("generateName", generateName), ("namespace", namespace),
      ("uid", uid), ("resourceVersion", resourceVersion),
    ] {
      if let value { object.append(key, .string(value)) }
    }
    for (key, texts) in [("labels", labels), ("annotations", annotations)] where !texts.isEmpty {
      object.append(key, .object(JSONObject(sorted: texts.mapValues(JSONValue.string))))
    }
    return .object(object)
  }
}
