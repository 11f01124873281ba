public import Autoscaling
public import Colonies

/// One queue, the rules for it, and what is scaled.
public struct ScalerConfiguration: Sendable, Hashable {
  /// The name, unique in the configuration: lower-case letters, digits and hyphens.
  public var name: String
  /// The server to ask.
  public var server: ServerConfiguration
  /// The colony whose queue it is.
  public var colony: ColonyReference
  /// Where the key to ask with is.
  public var credentials: KeySource
  /// The type of worker that the queue's processes ask for.
  public var executorType: String
  /// The rules.
  public var policy: ScalingPolicy
  /// Whether a person wants nothing to change for now.
  public var isPaused: Bool
  /// What is scaled.
  public var target: TargetConfiguration

  /// The queue that is asked.
  var queue: QueueAddress { QueueAddress(server: server, colony: colony, credentials: credentials) }
}
