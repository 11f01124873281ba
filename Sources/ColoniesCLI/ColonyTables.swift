internal import Colonies

/// The tables that show colonies and their workers.
enum ColonyTables {
  static func list(_ colonies: [Colony]) -> String {
    var table = Table(header: ["ID", "Name"])
    for colony in colonies { table.append([colony.id, colony.name]) }
    return table.text
  }

  static func list(_ executors: [Executor]) -> String {
    var table = Table(header: ["ID", "Name", "State"])
    for executor in executors { table.append([executor.id, executor.name, executor.state.name]) }
    return table.text
  }

  /// How many processes there are in each state.
  static func statistics(_ statistics: Statistics, _ api: API) -> String {
    var fields = [
      ("Waiting", statistics.waiting), ("Running", statistics.running),
      ("Successful", statistics.successful), ("Failed", statistics.failed),
    ]
    if api == .executor { fields.append(("Cancelled", statistics.cancelled)) }
    return "Process statistics:\n" + Table(fields: fields.map { ($0.0, String($0.1)) }).text
  }

  /// How many workers there are; the executor API does not say what they have.
  static func executors(_ statistics: Statistics) -> String {
    "Executors:\n"
      + Table(fields: [
        ("Active", String(statistics.activeExecutors)),
        ("Unregistered", String(statistics.unregisteredExecutors)), ("All", String(statistics.executors)),
      ]).text
  }

  /// What a colony's workers have together.
  static func capacity(_ title: String, _ executors: [Executor]) -> String {
    func sum(_ amount: (Executor) -> Int) -> Int {
      // A worker may claim any number to have.
      executors.reduce(0) { $0.addingReportingOverflow(amount($1)).partialValue }
    }
    return "\(title):\n"
      + Table(fields: [
        ("Runtimes", String(executors.count)), ("Cores", String(sum(\.cores))),
        ("Memory", "\(sum(\.memory)) MiB"), ("GPUs", String(sum(\.gpus))),
      ]).text
  }
}

extension Executor.State {
  fileprivate var name: String {
    switch self {
    case .pending: "Pending"
    case .approved: "Approved"
    case .rejected: "Rejected"
    case .unregistered: "Unregistered"
    }
  }
}
