/// A lease and its namespace.
public struct LeaseReference: Sendable, Hashable {
  /// The namespace.
  public var namespace: String
  /// The name.
  public var name: String

  /// Refers to a lease.
  public init(namespace: String, name: String) {
    self.namespace = namespace
    self.name = name
  }
}
