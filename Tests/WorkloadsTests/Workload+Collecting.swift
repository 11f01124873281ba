import Simulation
import Workloads

extension Workload {
  /// All processes.
  func collected() throws -> [SimulatedProcess] {
    var iterator = try WorkloadIterator(self)
    var processes: [SimulatedProcess] = []
    while let process = try iterator.next() { processes.append(process) }
    return processes
  }
}

extension [SimulatedProcess] {
  /// Whether they are in the order of their submission.
  var areInOrder: Bool { zip(self, dropFirst()).allSatisfy { $0.submittedAt <= $1.submittedAt } }

  /// The mean service time in seconds.
  var meanServiceTime: Double { reduce(0) { $0 + $1.serviceTime / .seconds(1) } / Double(count) }
}
