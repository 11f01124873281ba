/// What a round, or several, have shown.
package struct SoakOutcome: Sendable {
  /// Changes of a Deployment to fewer replicas.
  package var scaleIns = 0
  /// Workers that were taken away by them, and how many of their pods a ReplicaSet saw as not ready, so that it removed
  /// them whatever their cost.
  package var removed = 0
  package var removedUnready = 0
  /// How many of the latter worked: it had only not come to the ReplicaSets' controller that they were ready. They
  /// finish their work in the grace period.
  package var removedUnreadyAtWork = 0
  /// How many workers worked because their container had crashed after the autoscaler's last look, and started again.
  package var removedStartedAgain = 0
  /// How many workers worked because they had started after that look, where nothing reaches one before it has registered.
  package var removedStarting = 0
  /// How many of all were taken away with each combination.
  var removals: [SoakCombination: Int] = [:]
  package var jobs = 0
  /// Jobs that were run again because their worker had crashed, as the soak wanted it.
  package var rerunAfterCrash = 0
  /// The longest time from the end of work to the close of its process, in microseconds.
  var slowestClose: [SoakCombination.Cordon: Int64] = [:]
  package var workers = 0
  package var crashes = 0
  package var controllerKills = 0
  package var controllerStops = 0
  /// Provoked races, by step and blow.
  package var races: [String: Int] = [:]
  /// What must not happen, in words.
  package var problems: [String] = []

  package init() {}

  package static func += (left: inout SoakOutcome, right: SoakOutcome) {
    left.scaleIns += right.scaleIns
    left.removed += right.removed
    left.removedUnready += right.removedUnready
    left.removedUnreadyAtWork += right.removedUnreadyAtWork
    left.removedStartedAgain += right.removedStartedAgain
    left.removedStarting += right.removedStarting
    left.removals.merge(right.removals, uniquingKeysWith: +)
    left.jobs += right.jobs
    left.rerunAfterCrash += right.rerunAfterCrash
    left.slowestClose.merge(right.slowestClose, uniquingKeysWith: max)
    left.workers += right.workers
    left.crashes += right.crashes
    left.controllerKills += right.controllerKills
    left.controllerStops += right.controllerStops
    left.races.merge(right.races, uniquingKeysWith: +)
    left.problems += right.problems
  }

  /// The steps of a scale-in at which no leader was killed or asked to end, so that nothing is known of them.
  package var untriedSteps: [String] {
    SoakRaces.Step.allCases.filter { step in
      [SoakRaces.Blow.kill, .stop].allSatisfy { races["\(step)/\($0)"] == nil }
    }.map(\.rawValue)
  }

  /// The combinations with which no worker was taken away, so that nothing is known of them.
  package var untriedCombinations: [String] {
    SoakCombination.all.filter { removals[$0] == nil }.map(\.description)
  }

  /// For people.
  package var text: String {
    """
    workers taken away             \(removed) (\(removedUnready) not ready, of which \(removedUnreadyAtWork) at work)
      by api/cordon/concurrency    \(Self.list(removals.map { ("\($0.key)", $0.value) }))
    crashed and came back to work  \(removedStartedAgain), between the last look and their removal
    began to work                  \(removedStarting) that started in between, where nothing reaches them earlier
    changes to fewer replicas      \(scaleIns)
    jobs done                      \(jobs) (\(rerunAfterCrash) again, after a crash of their worker)
    closed after the work          within ms: \(Self.list(slowestClose.map { ("\($0.key)", Int($0.value / 1000)) }))
    workers started                \(workers) (\(crashes) crashed)
    autoscalers killed, stopped    \(controllerKills), \(controllerStops)
    races                          \(races.values.reduce(0, +)): \(Self.list(races.map { ($0.key, $0.value) }))
    problems                       \(problems.isEmpty ? "none" : "\(problems.count)")
    """ + problems.map { "\n  \($0)" }.joined()
  }

  private static func list(_ counts: [(name: String, count: Int)]) -> String {
    counts.sorted { $0.name < $1.name }.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
  }
}
