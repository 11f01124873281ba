/// What the objectives of a policy ask for, and the measurements that say so.
public struct ObjectiveBasis: Sendable, Hashable {
  /// The objectives.
  public let objectives: ScalingObjectives
  /// How long processes take; nil when it is not known.
  public let serviceTimes: ServiceTimes?
  /// How fast they arrive; nil when it is not known.
  public let arrivals: ArrivalRate?
  /// How long a replica takes to start.
  public let startUp: StartUpTime
  /// The replicas that work already; nil when that is not known, and then starts are reckoned to take no time.
  public let ready: Int?
  /// The replicas that each objective takes; empty while service times are not known.
  public let needs: [ObjectiveNeed]
  /// What is not known. Without service times demand alone counts, without arrivals what is there now.
  public let missing: [MissingMeasurement]

  /// Service times below this are taken as this.
  public static let shortestService: Duration = .milliseconds(1)

  /// The replicas that the objectives take, before the bounds; 0 when it is not known.
  public var replicas: Int { needs.lazy.map(\.replicas).max() ?? 0 }

  /// Whether something is missing for now, so that nothing may be taken away.
  public var isIncomplete: Bool { missing.contains(where: \.isTemporary) }

  /// The replicas that the objectives would take for another demand, all else being equal.
  func replicas(for demand: Int) -> Int {
    ObjectiveBasis(
      objectives, demand: demand, serviceTimes: serviceTimes, arrivals: arrivals, startUp: startUp,
      ready: ready, missing: missing
    ).replicas
  }

  init(
    _ objectives: ScalingObjectives, demand: Int, serviceTimes: ServiceTimes?, arrivals: ArrivalRate?,
    startUp: StartUpTime, ready: Int?, missing: [MissingMeasurement]
  ) {
    self.objectives = objectives
    self.serviceTimes = serviceTimes
    self.arrivals = arrivals
    self.startUp = startUp
    self.ready = ready
    self.missing = missing
    guard let serviceTimes else {
      needs = []
      return
    }
    let service = max(serviceTimes.mean, Self.shortestService).inSeconds
    needs = objectives.all.map { objective, within in
      ObjectiveNeed(
        objective, within: within, demand: demand, service: service, arrivals: arrivals?.perSecond,
        startUp: startUp.duration.inSeconds, ready: ready, concurrency: objectives.concurrency)
    }
  }
}
