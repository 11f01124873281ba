/// Where a queue reading comes from, and which server state it speaks of.
///
/// Two readings are only comparable when they speak of the same colony in the same life of the server.
///
/// The texts are shared by all copies: readings are copied several times for a decision, which would otherwise
/// spend more on their texts than on their numbers.
public struct QueueSource: Sendable, Hashable {
  private final class Texts: Sendable {
    let name: String
    let colony: String
    let serverGeneration: String?

    init(name: String, colony: String, serverGeneration: String?) {
      self.name = name
      self.colony = colony
      self.serverGeneration = serverGeneration
    }
  }

  private let texts: Texts

  /// Creates a source.
  public init(name: String, colony: String, serverGeneration: String? = nil) {
    texts = Texts(name: name, colony: colony, serverGeneration: serverGeneration)
  }

  /// What was asked, for people: `statistics of colony dev`.
  public var name: String { texts.name }
  /// The identity of the colony that answered, which changes when a colony is made anew under its name.
  public var colony: String { texts.colony }
  /// Changes when the server starts again; nil when the server does not tell.
  public var serverGeneration: String? { texts.serverGeneration }

  /// Whether they are the same in everything.
  public static func == (left: QueueSource, right: QueueSource) -> Bool {
    left.texts === right.texts
      || (left.name == right.name && left.colony == right.colony
        && left.serverGeneration == right.serverGeneration)
  }

  /// Hashes everything.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(colony)
    hasher.combine(serverGeneration)
  }
}
