internal import Simulation

/// Processes one by one: a table with the columns `submitted` and `service`, and perhaps `type` and `priority`.
///
/// `submitted` is a moment, in order; `service` is the seconds a worker works on it; `priority` is Colonies', 0 where
/// nothing is written.
struct ProcessTable: ProcessStream {
  private static let submitted = 0
  private static let service = 1
  private static let type = 2
  private static let priority = 3
  /// What servers allow.
  private static let priorities = -50_000...50_000

  private let table: CSVTable
  private var clock: TableClock
  private let executorType: String

  init(_ file: String, _ source: WorkloadSource) throws(WorkloadError) {
    table = try CSVTable(file, required: ["submitted", "service"], optional: ["type", "priority"])
    clock = TableClock(origin: source.from)
    executorType = source.executorType
  }

  mutating func next() throws(WorkloadError) -> SimulatedProcess? {
    while let row = try table.row() {
      guard let moment = try clock.moment(row, Self.submitted) else { continue }
      guard let service = MomentSyntax.seconds(row[Self.service]), service <= ServiceTime.longest else {
        throw row.error(Self.service, expected: "seconds like 12.5, at most 604800")
      }
      let type = row[Self.type]
      let priority = row[Self.priority].isEmpty ? 0 : Int(row[Self.priority])
      guard let priority, Self.priorities.contains(priority) else {
        throw row.error(Self.priority, expected: "a whole number from -50000 to 50000")
      }
      return SimulatedProcess(
        submittedAt: moment, serviceTime: max(service, .milliseconds(1)),
        executorType: type.isEmpty ? executorType : type, priority: priority)
    }
    return nil
  }
}
