internal import Colonies
internal import JSON

/// The tables that show processes.
struct ProcessTables {
  let vocabulary: Vocabulary
  let zone: DisplayZone

  /// One line for each process: its id, the moment that matters in this state, and who it is for.
  func list(_ processes: [Process], _ state: ProcessState) -> String {
    let target = "Target \(vocabulary.worker)"
    var table =
      switch state {
      case .waiting: Table(header: ["ID", "Submission Time"])
      case .running: Table(header: ["ID", "Start Time", target])
      case .successful: Table(header: ["ID", "End Time", target])
      case .failed, .cancelled: Table(header: ["ID", "End Time"])
      }
    for process in processes {
      let type = process.spec.conditions.executorType
      let row =
        switch state {
        case .waiting: [process.id, zone.text(process.submissionTime)]
        case .running: [process.id, zone.text(process.startTime), type]
        case .successful: [process.id, zone.text(process.endTime), type]
        case .failed, .cancelled: [process.id, zone.text(process.endTime)]
        }
      table.append(row)
    }
    return table.text
  }

  /// All there is to know about one process.
  /// - Parameter abridged: Whether to show only the ends of very long values.
  func details(_ process: Process, abridged: Bool) -> String {
    var sections = [
      "Process:\n" + progress(process).text, "Requirements:\n" + requirements(process.spec).text,
      "Attributes:\n" + attributes(process.attributes, abridged: abridged),
    ]
    if !process.output.isEmpty {
      sections.append("Output:\n" + texts(process.output.map(\.plainText), abridged: abridged))
    }
    if !process.errors.isEmpty {
      sections.append("Errors:\n" + texts(process.errors, abridged: abridged))
    }
    return sections.joined(separator: "\n")
  }

  private func progress(_ process: Process) -> Table {
    Table(fields: [
      ("ID", process.id), ("IsAssigned", process.isAssigned ? "True" : "False"),
      ("Assigned\(vocabulary.worker)ID", process.assignedExecutorID.orNone),
      ("State", process.state.name), ("SubmissionTime", zone.text(process.submissionTime)),
      ("StartTime", zone.text(process.startTime)), ("EndTime", zone.text(process.endTime)),
      ("Deadline", zone.text(process.executionDeadline)), ("Retries", String(process.retries)),
    ])
  }

  private func requirements(_ spec: ProcessSpec) -> Table {
    let conditions = spec.conditions
    let colony: (String, String)
    let workers: (String, [String])
    switch vocabulary.api {
    case .runtime:
      colony = ("ColonyID", conditions.colonyID)
      workers = ("RuntimeIDs", conditions.executorIDs)
    case .executor:
      colony = ("ColonyName", conditions.colonyName)
      workers = ("ExecutorNames", conditions.executorNames ?? [])
    }
    return Table(fields: [
      colony, (workers.0, workers.1.joined(separator: "\n").orNone),
      ("\(vocabulary.worker)Type", conditions.executorType),
      ("Memory", String(conditions.requestedMemory)), ("CPU Cores", String(conditions.requestedCores)),
      ("Number of GPUs", String(conditions.gpu.count)), ("Timeout", String(spec.lease ?? 0)),
      ("Max retries", String(spec.maxRetries)),
    ])
  }

  private func attributes(_ attributes: [Attribute], abridged: Bool) -> String {
    if attributes.isEmpty { return "No attributes found\n" }
    var table = Table(header: ["ID", "Key", "Value", "Type"])
    for attribute in attributes {
      table.append([
        attribute.id, attribute.key, abridged ? attribute.value.abridged : attribute.value,
        attribute.kind.name,
      ])
    }
    return table.text
  }

  private func texts(_ texts: [String], abridged: Bool) -> String {
    var table = Table()
    for text in texts { table.append([abridged ? text.abridged : text]) }
    return table.text
  }

  /// One attribute.
  func details(_ attribute: Attribute, abridged: Bool) -> String {
    Table(fields: [
      ("ID", attribute.id), ("TargetID", attribute.processID), ("AttributeType", attribute.kind.name),
      ("Key", attribute.key), ("Value", abridged ? attribute.value.abridged : attribute.value),
    ]).text
  }
}

extension ProcessState {
  /// The state's name in tables.
  var name: String {
    switch self {
    case .waiting: "Waiting"
    case .running: "Running"
    case .successful: "Successful"
    case .failed: "Failed"
    case .cancelled: "Cancelled"
    }
  }
}

extension Attribute.Kind {
  fileprivate var name: String {
    switch self {
    case .input: "In"
    case .output: "Out"
    case .error: "Err"
    case .environment: "Env"
    }
  }
}

extension String {
  fileprivate var orNone: String { isEmpty ? "None" : self }
}
