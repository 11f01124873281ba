public import Simulation

/// What is submitted to a queue, and how long it takes: a description from which the same processes come each time.
public struct Workload: Sendable, Hashable {
  /// What it is called in reports.
  public var name: String
  /// Everything random begins here.
  public var seed: UInt64
  /// Processes from here on are left out; nil: all of them, which only tables can say.
  public var duration: Duration?
  /// The time at the beginning, UTC, since the beginning of 1970: schedules go by it.
  public var begins: Duration
  /// Where the processes come from; at least one.
  public var sources: [WorkloadSource]

  /// The longest ``duration``.
  public static let longestDuration: Duration = .seconds(366 * 86_400)
  /// The beginning when none is given: midnight, on Monday, 5 January 2026.
  public static let usualBeginning: Duration = .seconds(1_767_571_200)

  /// Describes a workload.
  public init(
    name: String, seed: UInt64 = 1, duration: Duration? = nil, begins: Duration = Self.usualBeginning,
    sources: [WorkloadSource]
  ) {
    self.name = name
    self.seed = seed
    self.duration = duration
    self.begins = begins
    self.sources = sources
  }
}

extension Workload: SimulatedWorkload {
  /// Opens the tables and begins.
  /// - Throws: `WorkloadError`, as the iterator does.
  public func makeProcesses() throws -> any SimulatedProcesses { try WorkloadIterator(self) }
}
