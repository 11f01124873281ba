public import Autoscaling
public import Colonies

/// A queue or several, the rules for them, and what is scaled.
public struct ScalerConfiguration: Sendable, Hashable {
  /// The name, unique in the configuration: lower-case letters, digits and hyphens.
  public var name: String
  /// The server to ask.
  public var server: ServerConfiguration
  /// The colony whose queue it is.
  public var colony: ColonyReference
  /// Where the key to ask with is.
  public var credentials: KeySource
  /// Where the key of the colony's owner is, for what only the owner may do; nil when that is not to be done.
  public var ownerCredentials: KeySource?
  /// The type of worker that the queue's processes ask for.
  public var executorType: String
  /// Further queues that the same target serves; none for most scalers.
  public var otherQueues: [QueueConfiguration] = []
  /// The rules.
  public var policy: ScalingPolicy
  /// How workers are taken away; nil where the target does that itself.
  public var scaleIn: ScaleInConfiguration?
  /// Whether a person wants nothing to change for now.
  public var isPaused: Bool
  /// What is scaled.
  public var target: TargetConfiguration

  /// Whether it is chosen which pods go, which needs the pods to be seen and marked.
  var choosesPods: Bool {
    guard case .scalable = target, let scaleIn else { return false }
    return scaleIn.cordon != .none
  }

  /// Whether workers are given drain orders.
  var givesOrders: Bool { choosesPods && scaleIn?.cordon == .drain }

  /// All queues, the first one first.
  var queues: [QueueConfiguration] {
    [
      QueueConfiguration(server: server, colony: colony, credentials: credentials, executorType: executorType)
    ] + otherQueues
  }

  /// The queue that is asked, or the first of several.
  var queue: QueueAddress { QueueAddress(server: server, colony: colony, credentials: credentials) }
}
