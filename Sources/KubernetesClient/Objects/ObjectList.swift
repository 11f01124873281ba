/// Objects of one kind, as they were at one version of the collection.
public struct ObjectList<Object: KubernetesObject>: Sendable {
  /// The objects.
  public var items: [Object]
  /// From where a watch goes on.
  public var resourceVersion: String

  /// Creates a list.
  public init(items: [Object], resourceVersion: String) {
    self.items = items
    self.resourceVersion = resourceVersion
  }
}

extension ObjectList: Equatable where Object: Equatable {}
