/// The replicas that one objective takes, and the numbers that say so.
///
/// To finish within the time, a process must begin a service time earlier. So there is a *time to begin* t:
/// `startWithin` itself, or `drainWithin` less the service time S. By then as many must begin as there are now and
/// arrive until then, demand + arrivals × t. A replica that is ready begins one at once and one more after each
/// service time: max(1, t ÷ S), where a last one that would begin too late is not counted; as often as it works on
/// processes at once. One that has yet to start has only t less the start-up time for it. This is the fluid model of a queue (Newell, "Applications of
/// Queueing Theory"), counted in whole processes at its end. Where all replicas are ready and t ≥ S it says
/// demand × S ÷ t + arrivals × S: the backlog's part, and the offered load of Little's law.
public struct ObjectiveNeed: Sendable, Hashable {
  /// Why more replicas cannot reach the objective.
  public enum Problem: Sendable, Hashable {
    /// One process takes longer than the time.
    case serviceTooLong
    /// What the ready replicas do not get done has no time left after a start-up.
    case startUpTooLong
  }

  /// The objective.
  public let objective: ScalingObjective
  /// Its time.
  public let within: Duration
  /// The time to begin, in seconds; 0 or more.
  public let time: Double
  /// How many processes must begin by then.
  public let work: Double
  /// How many of them a replica begins that is ready now; ``concurrency`` or more.
  public let perReady: Double
  /// How many of them a replica begins that has yet to start; ``concurrency`` or more.
  public let perStarting: Double
  /// The replicas that begin them all in time; where there is a ``problem``, one replica for each is all that helps.
  public let backlogReplicas: Int
  /// How many processes a replica works on at once.
  public let concurrency: Int
  /// What the arrivals take in the long run, in processes that are worked on at once; nil when they are not counted.
  public let staffing: QueueStaffing?
  /// Why the objective cannot be reached; nil when it can.
  public let problem: Problem?

  /// The replicas that the objective takes, before the bounds.
  public var replicas: Int { max(backlogReplicas, steadyReplicas) }

  /// The replicas that the arrivals take in the long run.
  public var steadyReplicas: Int {
    guard let staffing else { return 0 }
    guard objective == .startWithin else { return (staffing.load / Double(concurrency)).roundedUp }
    return (staffing.servers + concurrency - 1) / concurrency
  }

  init(
    _ objective: ScalingObjective, within: Duration, demand: Int, service: Double, arrivals: Double?,
    startUp: Double, ready: Int?, concurrency: Int
  ) {
    self.objective = objective
    self.within = within
    let begin = within.inSeconds - (objective == .drainWithin ? service : 0)
    let time = max(begin, 0)
    self.time = time
    work = Double(demand) + (arrivals ?? 0) * time
    self.concurrency = concurrency
    perReady = max(time / service, 1) * Double(concurrency)
    perStarting = max((time - startUp) / service, 1) * Double(concurrency)
    let ready = ready ?? .max
    let left = work - Double(ready) * perReady
    backlogReplicas =
      left > 0 ? ready.addingClamped((left / perStarting).roundedUp) : (work / perReady).roundedUp
    staffing = arrivals.map { QueueStaffing(load: min($0 * service, 1e9), wait: time / service) }
    problem = begin < 0 ? .serviceTooLong : backlogReplicas > ready && time < startUp ? .startUpTooLong : nil
  }
}

extension Double {
  /// The next whole number, at most a thousand millions, but for the error that arithmetic adds.
  var roundedUp: Int { Int((Swift.min(self, 1e9) * (1 - 1e-12)).rounded(.up)) }
}

extension Duration {
  /// The number of seconds.
  var inSeconds: Double { self / .seconds(1) }
}
