/// The processes of a workload that are simulated, checked, one ahead.
struct ArrivalStream {
  private var processes: any SimulatedProcesses
  private let executorType: String?
  /// How many processes of the workload were taken, the passed-over ones included.
  private var position = 0
  private var latest: SimulatedTime = 0
  private var number = 0
  /// The next one to be submitted; nil after the last.
  private(set) var next: QueuedProcess?
  /// When the last one so far is submitted.
  private(set) var lastAt: SimulatedTime = 0

  init(_ processes: any SimulatedProcesses, executorType: String?) {
    self.processes = processes
    self.executorType = executorType
  }

  /// When the next one is submitted; the last moment there is after the last one.
  var nextAt: SimulatedTime { next?.submittedAt ?? .max }

  /// Goes on to the next one.
  mutating func advance() throws {
    next = nil
    while let process = try processes.next() {
      position += 1
      try check(process)
      guard executorType == nil || executorType == process.executorType else { continue }
      number += 1
      lastAt = latest
      next = QueuedProcess(process, number: number)
      return
    }
  }

  private mutating func check(_ process: SimulatedProcess) throws(SimulationError) {
    let submittedAt = SimulatedTime(process.submittedAt)
    guard process.submittedAt >= .zero, submittedAt < Self.latestPossible else {
      throw SimulationError(
        code: .invalidProcess,
        message:
          "process \(position) of the workload: submittedAt must be from 0 to \(Self.latestPossible.duration), "
          + "got \(process.submittedAt)")
    }
    guard process.serviceTime >= .zero, SimulatedTime(process.serviceTime) < Self.latestPossible else {
      throw SimulationError(
        code: .invalidProcess,
        message:
          "process \(position) of the workload: serviceTime must be from 0 to \(Self.latestPossible.duration), "
          + "got \(process.serviceTime)")
    }
    guard submittedAt >= latest else {
      throw SimulationError(
        code: .outOfOrder,
        message:
          "process \(position) of the workload: submitted at \(process.submittedAt), before the one before it, "
          + "which was at \(latest.duration)")
    }
    latest = submittedAt
  }

  /// A hundred years: sums of a few such times fit.
  private static let latestPossible = SimulatedTime(Duration.seconds(100 * 365 * 86_400))
}
