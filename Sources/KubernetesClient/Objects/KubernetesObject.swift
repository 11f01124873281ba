public import JSON

/// An object as the API returns it, or the part of it that is used here.
public protocol KubernetesObject: Sendable {
  /// Who it is, and which version of it this is.
  var metadata: ObjectMeta { get }

  /// Reads the object.
  /// - Throws: `invalidReply` when a field that is used is missing or of another type: a number that could not
  ///   be read is not zero.
  init(_ json: JSONValue) throws(KubernetesError)
}

/// An object whose resource is known.
public protocol ResourceObject: KubernetesObject {
  /// Where the API serves it.
  static var resource: APIResource { get }
}

/// An object that can be created or replaced.
public protocol WritableObject: ResourceObject {
  /// The object as the API takes it.
  var json: JSONValue { get }
}

extension WritableObject {
  /// The document of this kind with these members behind `apiVersion`, `kind` and `metadata`.
  func document(_ members: [(key: String, value: JSONValue)]) -> JSONValue {
    var object = JSONObject()
    object.append("apiVersion", .string(Self.resource.apiVersion))
    object.append("kind", .string(Self.resource.kind))
    object.append("metadata", metadata.json)
    for member in members { object.append(member.key, member.value) }
    return .object(object)
  }
}
