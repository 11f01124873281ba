public import Colonies

/// One queue: the processes of one executor type in a colony.
public struct QueueConfiguration: Sendable, Hashable {
  /// The server to ask.
  public var server: ServerConfiguration
  /// The colony whose queue it is.
  public var colony: ColonyReference
  /// Where the key to ask with is.
  public var credentials: KeySource
  /// The type of worker that the queue's processes ask for.
  public var executorType: String

  /// The queue that is asked.
  var address: QueueAddress { QueueAddress(server: server, colony: colony, credentials: credentials) }
}
