/// Which object another one belongs to, and goes with.
public struct OwnerReference: Sendable, Hashable {
  /// Group and version, such as `apps/v1`.
  public var apiVersion: String
  /// The kind, such as `ReplicaSet`.
  public var kind: String
  /// The name.
  public var name: String
  /// The id that no other object ever has.
  public var uid: String
  /// Whether it is the owner that manages the object; there is at most one.
  public var isController: Bool

  /// Refers to an owner.
  public init(apiVersion: String, kind: String, name: String, uid: String, isController: Bool = true) {
    self.apiVersion = apiVersion
    self.kind = kind
    self.name = name
    self.uid = uid
    self.isController = isController
  }

  init(_ reader: ObjectReader) throws(KubernetesError) {
    apiVersion = try reader.string("apiVersion") ?? ""
    kind = try reader.string("kind") ?? ""
    name = try reader.string("name") ?? ""
    uid = try reader.string("uid") ?? ""
    isController = try reader.bool("controller") ?? false
  }
}
