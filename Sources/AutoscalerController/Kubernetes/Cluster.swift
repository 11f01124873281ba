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
  let election: LeaderElector?
  private let time: Timekeeper
  private let longestSilence: Duration

  /// - Parameter longestSilence: How long a silent watch of a target is relied on.
  init(
    _ access: ClusterAccess, time: Timekeeper, logger: Logger,
    longestSilence: Duration = ScaleTarget.longestSilence
  ) {
    client = access.client
    view = ClusterView(client: access.client, time: time)
    events = EventRecorder(client: access.client, time: time, logger: logger)
    permit = access.election.map { .whileLeading($0.leadership) } ?? .always
    isServerDryRun = access.isServerDryRun
    election = access.election
    self.time = time
    self.longestSilence = longestSilence
  }

  /// The object that a scaler of this cluster scales; nil for a scaler of something else.
  func object(_ scaler: ScalerConfiguration) -> ClusterObject? {
    guard case .scalable(let target) = scaler.target else { return nil }
    return ClusterObject(target, defaultNamespace: client.cluster.namespace)
  }

  /// What the API server does not let the autoscaler do, of what a configuration needs.
  func missingPermissions(
    _ configuration: AutoscalerConfiguration, _ source: ConfigurationSource?, isDryRun: Bool
  ) async throws(KubernetesError) -> [MissingPermission] {
    var own = RequiredPermissions.Own(lease: election?.lease)
    if case .configMap(let reference)? = source { own.configMap = reference }
    let required = try await RequiredPermissions(
      configuration, own: own, purpose: isServerDryRun ? .serverDryRun : isDryRun ? .dryRun : .run,
      defaultNamespace: client.cluster.namespace, resolve: client.resource)
    return try await required.missing(client)
  }

  /// Notes something about an object that is scaled.
  func tell(_ note: DecisionNote, about object: ClusterObject) {
    events.record(note) { [view] in await view.eventReference(to: object) }
  }

  /// The target that chooses whose workers go.
  func scaleInTarget(
    _ scaler: ScalerConfiguration, _ object: ClusterObject, queue: any WorkerQueue,
    metrics: ControllerMetrics,
    logger: Logger
  ) -> ScaleInTarget {
    ScaleInTarget(
      scaler, cluster: TargetPods(object, target: target(object), view: view, client: client),
      names: PodNames(object), permit: permit, isServerDryRun: isServerDryRun, queue: queue, time: time,
      logger: logger, metrics: metrics, announce: { tell($0, about: object) })
  }

  func target(_ object: ClusterObject) -> ScaleTarget {
    ScaleTarget(
      object, view: view, client: client, permit: permit, isServerDryRun: isServerDryRun, time: time,
      longestSilence: longestSilence)
  }
}

/// How a controller may use a cluster.
public struct ClusterAccess: Sendable {
  /// Sends the requests. For a dry run, one that can only read.
  public var client: KubernetesClient
  /// Decides which of several controllers may change anything; nil when there is only this one.
  public var election: LeaderElector?
  /// Whether changes are sent for the API server to check and forget.
  public var isServerDryRun: Bool

  /// Describes an access.
  public init(client: KubernetesClient, election: LeaderElector? = nil, isServerDryRun: Bool = false) {
    self.client = client
    self.election = election
    self.isServerDryRun = isServerDryRun
  }
}

extension KubernetesClient.Configuration {
  /// How an autoscaler's client behaves.
  /// - Parameter version: The program's version.
  public static func autoscaler(version: String) -> Self {
    Self(
      // A thousand targets that all change at once are changed within seconds. With a quarter of this, hundreds
      // of the changes would wait for longer than a change may take. An API server takes 200 at the same time.
      requestsPerSecond: 200, burst: 400,
      // So that a target is asked again within a second of the end of an outage; the rate is limited anyway.
      longestPause: .seconds(1), userAgent: "colonies-autoscaler/\(version)")
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
