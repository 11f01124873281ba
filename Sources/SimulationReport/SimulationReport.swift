public import Simulation

/// What came of the same workload under several policies, side by side, for people and for programs.
public struct SimulationReport: Sendable, Hashable {
  /// One policy and what came of it.
  public struct Entry: Sendable, Hashable {
    /// What the policy is, in a line: its rules, or whose defaults it has.
    public var policy: String
    /// Whether it is a policy of this autoscaler, rather than a model of another one.
    public var isOwn: Bool
    /// What came of it.
    public var outcome: SimulationOutcome

    /// Puts a policy and its outcome together.
    public init(policy: String, isOwn: Bool, outcome: SimulationOutcome) {
      self.policy = policy
      self.isOwn = isOwn
      self.outcome = outcome
    }
  }

  /// What the workload is called.
  public var workload: String
  /// What was assumed about the workload, the cluster and the queue: names and values.
  public var assumptions: [Assumption]
  /// The policies, in the order in which they are shown; at least one.
  public var entries: [Entry]

  /// Something that was assumed.
  public struct Assumption: Sendable, Hashable {
    /// What it is about.
    public var name: String
    /// What was assumed.
    public var value: String

    /// Describes an assumption.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Creates a report.
  public init(workload: String, assumptions: [Assumption], entries: [Entry]) {
    self.workload = workload
    self.assumptions = assumptions
    self.entries = entries
  }
}
