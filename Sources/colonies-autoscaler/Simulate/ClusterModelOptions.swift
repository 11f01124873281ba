internal import ArgumentParser
internal import Simulation
internal import SimulationReport
internal import YAML

/// What is assumed about the cluster and the queue.
struct ClusterModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "From a pod's creation until its worker asks for work: 10s, 5s..20s (anything between), 10s~0.5 (log-normal).",
      valueName: "time"), transform: OptionText.startUp)
  var startUp = StartUpDistribution.constant(.seconds(10))

  @Option(
    help: ArgumentHelp("How long a busy pod that is removed may go on. Default: 30s", valueName: "duration"),
    transform: OptionText.duration)
  var gracePeriod = Duration.seconds(30)

  @Option(
    help: ArgumentHelp("Pods that a cluster creates in a second; 0 for any number.", valueName: "number"))
  var podsPerSecond = 20.0

  @Option(
    help: ArgumentHelp("Until a change of the replicas is acted on. Default: 20ms", valueName: "duration"),
    transform: OptionText.duration)
  var apiLatency = Duration.milliseconds(20)

  @Flag(help: "ReplicaSets do not heed pod-deletion-cost, as before Kubernetes 1.22.")
  var ignoreDeletionCost = false

  @Option(
    help: ArgumentHelp(
      "How long a worker may hold a process before it is back in the queue. Default: any time",
      valueName: "duration"),
    transform: OptionText.duration)
  var lease: Duration?

  @Option(
    help: ArgumentHelp(
      "How long to go on after the last process, so that shrinking is paid for. Default: 10m",
      valueName: "duration"),
    transform: OptionText.duration)
  var tail = Duration.seconds(600)

  func validate() throws {
    guard podsPerSecond >= 0, podsPerSecond <= 100_000 else {
      throw ValidationError("--pods-per-second must be from 0 to 100000.")
    }
  }

  /// A simulation that assumes it.
  func simulation(seed: UInt64) -> Simulation {
    var simulation = Simulation()
    simulation.seed = seed
    simulation.tail = tail
    simulation.cluster.startUp = startUp
    simulation.cluster.gracePeriod = gracePeriod
    simulation.cluster.podsCreatedPerSecond = podsPerSecond > 0 ? podsPerSecond : nil
    simulation.cluster.apiLatency = apiLatency
    simulation.cluster.honorsDeletionCost = !ignoreDeletionCost
    simulation.queue.lease = lease
    return simulation
  }

  /// The same for people.
  var assumptions: [SimulationReport.Assumption] {
    let rate =
      podsPerSecond > 0
      ? "at most \(Rounded.text(podsPerSecond)) pods a second, 30 at once" : "as fast as it is asked to"
    let cost = ignoreDeletionCost ? "without regard to deletion cost" : "by deletion cost"
    let lease = lease.map { "a process held for \(DurationSyntax.text($0)) is back in the queue; " } ?? ""
    return [
      .init("start-up", "\(startUp.spelledOut) from a pod's creation to its worker's first request"),
      .init("cluster", "creates \(rate); room for every pod; acts after \(DurationSyntax.text(apiLatency))"),
      .init(
        "scale-in",
        "others: the ReplicaSet's order, \(cost), then \(DurationSyntax.text(gracePeriod)) of grace; this one: idle "
          + "workers only"),
      .init(
        "queue", "\(lease)one worker has one process; a killed worker's is back at once"),
      .init("measured", "until \(DurationSyntax.text(tail)) after the last process ended"),
    ]
  }
}

extension StartUpDistribution {
  fileprivate var spelledOut: String {
    switch self {
    case .constant(let time): DurationSyntax.text(time)
    case .uniform(let range):
      "\(DurationSyntax.text(range.lowerBound)) to \(DurationSyntax.text(range.upperBound)), all equally likely,"
    case .logNormal(let median, let sigma):
      "log-normal, median \(DurationSyntax.text(median)), sigma \(sigma),"
    }
  }
}
