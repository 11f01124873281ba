public import Simulation

/// A workload's processes in the order of their submission, one by one: memory does not depend on how many there
/// are.
public struct WorkloadIterator: SimulatedProcesses {
  private var streams: [any ProcessStream] = []
  /// The next process of each stream.
  private var heads: [SimulatedProcess?] = []
  private let end: Duration

  /// Opens the tables and begins.
  public init(_ workload: Workload) throws(WorkloadError) {
    end = workload.duration ?? .seconds(Int64.max)
    var seeds = SeededRandom(seed: workload.seed)
    for source in workload.sources {
      var stream = try source.stream(end: end, seed: seeds.next())
      heads.append(try stream.next())
      streams.append(stream)
    }
  }

  /// The next process, or nil when there are no more.
  public mutating func next() throws(WorkloadError) -> SimulatedProcess? {
    var earliest: (index: Int, process: SimulatedProcess)?
    for (index, head) in heads.enumerated() {
      // Of processes at the same moment, the one of the first source comes first.
      if let head, head.submittedAt < earliest?.process.submittedAt ?? end { earliest = (index, head) }
    }
    guard let (index, process) = earliest else { return nil }
    heads[index] = try streams[index].next()
    return process
  }
}
