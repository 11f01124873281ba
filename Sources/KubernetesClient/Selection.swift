/// Which objects of a resource are meant.
public struct Selection: Sendable, Hashable {
  /// The namespace; nil for all.
  public var namespace: String?
  /// Labels, such as `app=web`.
  public var labels: String?
  /// Fields, such as `metadata.name=web`.
  public var fields: String?

  /// Selects objects.
  public init(namespace: String?, labels: String? = nil, fields: String? = nil) {
    self.namespace = namespace
    self.labels = labels
    self.fields = fields
  }

  /// Selects one object. Also what permissions for one object's name ask for: without the field selector, a
  /// watch of a name is forbidden.
  public static func object(_ name: String, in namespace: String?) -> Selection {
    Selection(namespace: namespace, fields: "metadata.name=\(name)")
  }

  var query: [(name: String, value: String)] {
    [("labelSelector", labels), ("fieldSelector", fields)].compactMap { name, value in
      value.map { (name, $0) }
    }
  }
}
