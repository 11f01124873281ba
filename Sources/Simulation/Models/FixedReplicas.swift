/// No autoscaler at all: the same number of replicas for ever. What an autoscaler has to be better than.
public struct FixedReplicas: AutoscalerModel {
  /// What a report calls it.
  public let name: String
  private let replicas: Int

  /// Creates a pool of so many.
  public init(_ replicas: Int) {
    self.replicas = replicas
    name = "\(replicas) fixed"
  }

  /// As many.
  public var initialReplicas: Int { replicas }

  /// It looks every hour whether they are still there.
  public var loops: [AutoscalerLoop] { [AutoscalerLoop(period: .seconds(3_600), asksQueue: false)] }

  /// Sets the number, where it is not set.
  public mutating func decide(loop: Int, _ view: AutoscalerView) -> ReplicaChange { .replicas(replicas) }

  /// It remembers nothing.
  public mutating func restart() {}
}
