/// A trusted reading and what follows from it and from the readings before it.
public struct DemandBasis: Sendable, Hashable {
  /// The reading; of several queues all that are known as one.
  public let reading: QueueReading
  /// Each of several queues, in the order of the configuration; empty where there is only one.
  public let queues: [QueueKnowledge]
  /// What the objectives take; nil when there are none.
  public let objectives: ObjectiveBasis?
  /// The replicas of the fallback, where one of several queues stayed unknown for so long; nil otherwise.
  public let fallback: Int?
  /// The *load*: the processes that there are to be replicas for. That is the demand, or, where the objectives or
  /// the fallback take more replicas than that, as many processes as those would be for.
  public let load: Int
  /// The replicas that the load needs, before the bounds.
  public let needed: Int
  /// Since when the load is observed without interruption; nil when it may be higher than is known.
  public let observedSince: ScalingInstant?
  /// The highest load at any time within the window of shrinking; nil when part of it was not observed.
  public let highestLoad: Int?
  /// The replicas that ``highestLoad`` needs, before the bounds.
  public let highestInWindow: Int?
  /// The lowest load within the window of growing, as far as it was observed; the present one without such a
  /// window.
  public let lowestLoad: Int
  /// The replicas that ``lowestLoad`` needs, before the bounds.
  public let lowestInWindow: Int

  /// Whether some of several queues are unknown, so that there may be any number more.
  public var isPart: Bool {
    queues.contains { if case .unknown = $0 { true } else { false } }
  }
}
