public import Simulation

/// The processes of one type that a Colonies server remembers to have ended, as a workload.
public struct WorkloadHistory: Sendable, Hashable {
  /// The processes in the order of their submission; times are counted from the first one's.
  public let processes: [SimulatedProcess]
  /// The submission of the first process, since the beginning of 1970, UTC.
  public let begins: Duration
  /// What was covered and what was not: sentences for people.
  public let coverage: [String]
}
