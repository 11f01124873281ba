/// One thing that a controller found out about an object, such as that a pod is ready.
public struct ObjectCondition: Sendable, Hashable {
  /// Whether it is so. What is not known is neither.
  public enum Status: String, Sendable, Hashable {
    case yes = "True"
    case no = "False"
    case unknown = "Unknown"
  }

  /// What it is about, such as `Ready` or `PodScheduled`.
  public var type: String
  /// Whether it is so.
  public var status: Status
  /// Why, in one word, such as `Unschedulable`; empty when nobody says.
  public var reason: String
  /// Why, for people; empty when nobody says.
  public var message: String
  /// Since when the status is what it is.
  public var lastTransitionTime: KubernetesTime?

  /// Describes a condition.
  public init(
    _ type: String, _ status: Status, reason: String = "", message: String = "",
    lastTransitionTime: KubernetesTime? = nil
  ) {
    self.type = type
    self.status = status
    self.reason = reason
    self.message = message
    self.lastTransitionTime = lastTransitionTime
  }

  init(_ reader: ObjectReader) throws(KubernetesError) {
    type = try reader.string("type") ?? ""
    status = try reader.string("status").flatMap(Status.init) ?? .unknown
    reason = try reader.string("reason") ?? ""
    message = try reader.string("message") ?? ""
    lastTransitionTime = try reader.time("lastTransitionTime")
  }
}

extension [ObjectCondition] {
  /// The condition of a type; nil when nobody has said anything about it.
  public subscript(type: String) -> ObjectCondition? { first { $0.type == type } }
}
