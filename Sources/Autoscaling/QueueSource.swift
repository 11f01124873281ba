/// Where a queue reading comes from, and which server state it speaks of.
///
/// Two readings are only comparable when they speak of the same colony in the same life of the server.
public struct QueueSource: Sendable, Hashable {
  /// What was asked, for people: `statistics of colony dev`.
  public let name: String
  /// The identity of the colony that answered, which changes when a colony is made anew under its name.
  public let colony: String
  /// Changes when the server starts again; nil when the server does not tell.
  public let serverGeneration: String?

  /// Creates a source.
  public init(name: String, colony: String, serverGeneration: String? = nil) {
    self.name = name
    self.colony = colony
    self.serverGeneration = serverGeneration
  }
}
