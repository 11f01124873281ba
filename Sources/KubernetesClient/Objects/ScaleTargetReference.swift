internal import JSON

/// Which object an autoscaler scales, as its documents say it: by group, kind and name, in its own namespace.
public struct ScaleTargetReference: Sendable, Hashable {
  /// Group and version, such as `apps/v1`; nil where the document leaves it out.
  public var apiVersion: String?
  /// The kind, such as `Deployment`.
  public var kind: String
  /// The name.
  public var name: String

  /// Refers to an object.
  public init(apiVersion: String?, kind: String, name: String) {
    self.apiVersion = apiVersion
    self.kind = kind
    self.name = name
  }

  init(_ reader: ObjectReader, defaultKind: String) throws(KubernetesError) {
    apiVersion = try reader.string("apiVersion")
    kind = try reader.string("kind") ?? defaultKind
    name = try reader.string("name") ?? ""
  }

  /// Whether both mean the same object. Versions of one group are different views of it, and a reference
  /// without a group is taken to mean any.
  public func means(_ other: ScaleTargetReference) -> Bool {
    guard kind == other.kind, name == other.name else { return false }
    guard let own = group, let others = other.group else { return true }
    return own == others
  }

  private var group: Substring? {
    apiVersion.map { text in text.firstIndex(of: "/").map { text[..<$0] } ?? "" }
  }
}
