internal import Autoscaling
public import KubernetesClient
internal import Logging
internal import Timekeeping

/// The cluster that a controller works with: what it sees there, what it changes, and what it tells.
struct Cluster: Sendable {
  let client: KubernetesClient
  let view: ClusterView
  let events: EventRecorder
  let permit: WritePermit
  let isServerDryRun: Bool

  init(
    _ access: ClusterAccess, time: Timekeeper, logger: Logger
  ) {
    client = access.client
    view = ClusterView(client: access.client, time: time)
    events = EventRecorder(client: access.client, time: time, logger: logger)
    permit = access.election.map { .whileLeading($0.leadership) } ?? .always
    isServerDryRun = access.isServerDryRun
  }

  /// The object that a scaler of this cluster scales; nil for a scaler of something else.
  func object(_ scaler: ScalerConfiguration) -> ClusterObject? {
    guard case .scalable(let target) = scaler.target else { return nil }
    return ClusterObject(target, defaultNamespace: client.cluster.namespace)
  }

  /// Notes something about an object that is scaled. Events name their object's id where it is known.
  func tell(_ note: DecisionNote, about object: ClusterObject) {
    events.record(note, about: object.eventReference)
  }

  func target(_ object: ClusterObject) -> ScaleTarget {
    ScaleTarget(object, view: view, client: client, permit: permit, isServerDryRun: isServerDryRun)
  }
}

/// How a controller may use a cluster.
public struct ClusterAccess: Sendable {
  /// Sends the requests. For a dry run, one that can only read.
  public var client: KubernetesClient
  /// Decides which of several controllers may change anything; nil when there is only this one.
  public var election: LeaderElector?
  /// The client that the election has for itself, to be shut down with the other.
  public var electionClient: KubernetesClient?
  /// Whether changes are sent for the API server to check and forget.
  public var isServerDryRun: Bool

  /// Describes an access.
  public init(client: KubernetesClient, election: LeaderElector? = nil, isServerDryRun: Bool = false) {
    self.client = client
    self.election = election
    self.isServerDryRun = isServerDryRun
  }
}

/// A target in a cluster, where there is no cluster.
struct MissingTarget: ScalingTarget {
  let description: String

  private var error: TargetError {
    TargetError(
      .unavailable, "there is no cluster with \(description): the autoscaler was started without one")
  }

  func run() async {}
  func end() async {}
  func observe() async throws(TargetError) -> TargetObservation { throw error }
  func setReplicas(_ replicas: Int, basedOn revision: TargetRevision) async throws(TargetError) {
    throw error
  }
}
