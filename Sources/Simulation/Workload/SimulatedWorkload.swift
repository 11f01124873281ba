/// Processes in the order of their submission, which can be gone through any number of times.
///
/// A simulation takes one process at a time and keeps only those that wait or run, so that a workload may be
/// longer than memory: read from a file, or generated.
public protocol SimulatedWorkload: Sendable {
  /// Begins at the first process. Every call gives the same processes again, so that policies can be compared.
  func makeProcesses() throws -> any SimulatedProcesses
}

/// One way through a workload.
public protocol SimulatedProcesses {
  /// The next process, submitted no earlier than the one before it; nil after the last one.
  mutating func next() throws -> SimulatedProcess?
}

extension Array: SimulatedWorkload where Element == SimulatedProcess {
  /// Begins at the first element.
  public func makeProcesses() -> any SimulatedProcesses { SimulatedProcessList(processes: makeIterator()) }
}

/// The processes of an array.
private struct SimulatedProcessList: SimulatedProcesses {
  var processes: IndexingIterator<[SimulatedProcess]>

  mutating func next() -> SimulatedProcess? { processes.next() }
}
