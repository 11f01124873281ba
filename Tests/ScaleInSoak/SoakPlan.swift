/// How a soak of scale-in is done.
package struct SoakPlan: Sendable {
  /// The programs under test.
  package struct Programs: Sendable {
    package var colonies: String
    package var autoscaler: String
    /// `soak-worker`.
    package var worker: String

    package init(colonies: String, autoscaler: String, worker: String) {
      self.colonies = colonies
      self.autoscaler = autoscaler
      self.worker = worker
    }
  }

  package var programs: Programs
  /// Where everything random begins. The same seed makes the same choices, though not at the same moments.
  package var seed: UInt64
  /// How many workers are to be taken away in a round.
  package var actions: Int
  /// How long a round may take until there are as many; it is checked in any case.
  package var limit: Duration
  /// How many Deployments are scaled beside each other, each with a queue of its own.
  package var targets = 6
  /// How many replicas each has at most.
  package var maximum = 8
  /// How late the ReplicaSets' controller may see what has happened.
  package var lateness: ClosedRange<Duration> = .zero ... .milliseconds(1000)
  /// Of a hundred starts of a worker, how many end by a crash.
  package var crashes = 5
  /// The pause between two races that are provoked.
  package var racePause: ClosedRange<Duration> = .milliseconds(200) ... .milliseconds(2500)
  /// An existing directory for what is needed to understand a problem; nil where nothing is to be kept.
  package var evidence: String?
  /// How long the workers may take to end.
  package var graceSeconds = 30

  package init(programs: Programs, seed: UInt64, actions: Int, limit: Duration) {
    self.programs = programs
    self.seed = seed
    self.actions = actions
    self.limit = limit
  }
}
