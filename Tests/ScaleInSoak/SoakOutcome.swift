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
  package var jobs = 0
  /// Jobs that were run again because their worker had crashed, as the soak wanted it.
  package var rerunAfterCrash = 0
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
    left.jobs += right.jobs
    left.rerunAfterCrash += right.rerunAfterCrash
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

  /// For people.
  package var text: String {
    """
    workers taken away             \(removed) (\(removedUnready) not ready, of which \(removedUnreadyAtWork) at work)
    crashed and came back to work  \(removedStartedAgain), between the last look and their removal
    changes to fewer replicas      \(scaleIns)
    jobs done                      \(jobs) (\(rerunAfterCrash) again, after a crash of their worker)
    workers started                \(workers) (\(crashes) crashed)
    autoscalers killed, stopped    \(controllerKills), \(controllerStops)
    races                          \(races.values.reduce(0, +)): \
    \(races.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
    problems                       \(problems.isEmpty ? "none" : "\(problems.count)")
    """ + problems.map { "\n  \($0)" }.joined()
  }
}
