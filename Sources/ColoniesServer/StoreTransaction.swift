internal import Colonies
internal import GRDB
internal import JSON

/// The statements of the store, inside one transaction. Never leaves the closure it was given to.
struct StoreTransaction {
  private let database: Database

  init(database: Database) { self.database = database }

  // MARK: Writing

  func apply(_ writes: [StoreWrite]) throws {
    for write in writes { try apply(write) }
  }

  private func apply(_ write: StoreWrite) throws {
    switch write {
    case .addColony(let colony):
      try execute("INSERT INTO colony (id, name) VALUES (?, ?)", [colony.id, colony.name])
    case .removeColony(let id):
      try execute("DELETE FROM process WHERE colony = ?", [id])
      try execute("DELETE FROM registration WHERE colony = ?", [id])
      try execute("DELETE FROM colony WHERE id = ?", [id])
    case .putRegistration(let registration):
      try execute(
        "INSERT OR REPLACE INTO registration (row, colony, api, executor) VALUES (?, ?, ?, ?)",
        [
          registration.row, registration.executor.colonyID, registration.api.rawValue,
          registration.executor.json(registration.api).text(),
        ])
    case .removeRegistration(let row):
      try execute("DELETE FROM registration WHERE row = ?", [row])
    case .addProcess(let record): try insert(record)
    case .assign(let live):
      try execute(
        """
        UPDATE process SET state = 1, is_assigned = 1, executor = ?, start_time = ?,
          execution_deadline = ?, attempt = ? WHERE sequence = ?
        """,
        [
          live.assignment?.executorID ?? "", live.assignment?.startTime.nanoseconds,
          live.assignment?.deadline?.nanoseconds, live.attempt, live.sequence,
        ])
    case .requeueExpired(let live, let time):
      try execute(
        """
        UPDATE process SET state = 0, is_assigned = 0, executor = '', end_time = ?, retries = ?,
          wait_deadline = ? WHERE sequence = ?
        """, [time.nanoseconds, live.retries, live.waitDeadline?.nanoseconds, live.sequence])
    case .requeueReleased(let live):
      try execute(
        """
        UPDATE process SET state = 0, is_assigned = 0, executor = '', start_time = NULL, end_time = NULL
        WHERE sequence = ?
        """, [live.sequence])
    case .end(let end):
      try execute(
        "UPDATE process SET state = ?, end_time = ?, output = ?, errors = ? WHERE sequence = ?",
        [
          end.state.rawValue, end.time.nanoseconds, end.output.map { JSONValue.array($0).text() },
          end.errors.isEmpty ? nil : JSONValue.strings(end.errors).text(), end.sequence,
        ])
    case .addLog(let entry, let kept): try insert(entry, keeping: kept)
    case .removeProcess(let sequence):
      try execute("DELETE FROM process WHERE sequence = ?", [sequence])
    case .removeProcesses(let colonyID, let state):
      if let state {
        try execute("DELETE FROM process WHERE colony = ? AND state = ?", [colonyID, state.rawValue])
      } else {
        try execute("DELETE FROM process WHERE colony = ?", [colonyID])
      }
    }
  }

  private func insert(_ record: ProcessRecord) throws {
    let live = record.live
    let process = record.process
    try execute(
      """
      INSERT INTO process (sequence, id, colony, api, type, state, priority_time, submission_time,
        wait_deadline, retries, attempt, executor, is_assigned, initiator_id, initiator_name, label, spec,
        demand_cpu, demand_memory, demand_gpus, demand_location, targets, lease, retry_limit, max_wait)
      VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, 0, 0, '', 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        live.sequence, live.id, live.colonyID, record.api.rawValue, live.executorType, live.priorityTime,
        process.submissionTime?.nanoseconds, live.waitDeadline?.nanoseconds, process.initiatorID,
        process.initiatorName, process.spec.label, record.spec,
        live.demand.milliCPU, live.demand.memory, live.demand.gpus, live.demand.location,
        live.targets.isEmpty ? nil : JSONValue.array(live.targets.map(\.json)).text(), live.lease,
        live.retryLimit, live.maxWait,
      ])
    for (number, attribute) in process.attributes.enumerated() {
      try insert(attribute, sequence: live.sequence, number: number)
    }
  }

  private func insert(_ attribute: Attribute, sequence: Int64, number: Int) throws {
    try execute(
      "INSERT INTO attribute (process, number, id, kind, key, value) VALUES (?, ?, ?, ?, ?, ?)",
      [sequence, number, attribute.id, attribute.kind.code(.runtime), attribute.key, attribute.value])
  }

  /// Adds an attribute to a process.
  /// - Returns: false when the process has one of this key and kind already.
  func add(_ attribute: Attribute, sequence: Int64) throws -> Bool {
    let exists = try Bool.fetchOne(
      try database.cachedStatement(
        sql: "SELECT 1 FROM attribute WHERE process >> 6 = ? AND id = ?"),
      arguments: [sequence >> 6, attribute.id])
    if exists == true { return false }
    let last = try Int.fetchOne(
      try database.cachedStatement(sql: "SELECT MAX(number) FROM attribute WHERE process = ?"),
      arguments: [sequence])
    try insert(attribute, sequence: sequence, number: (last ?? -1) + 1)
    return true
  }

  private func insert(_ entry: LogWrite, keeping kept: Int) throws {
    let last = try Row.fetchOne(
      try database.cachedStatement(
        sql: "SELECT number, time FROM log WHERE process = ? ORDER BY time DESC LIMIT 1"),
      arguments: [entry.sequence])
    let lastOfExecutor = try Int64.fetchOne(
      try database.cachedStatement(sql: "SELECT MAX(time) FROM log WHERE colony = ? AND executor = ?"),
      arguments: [entry.colonyID, entry.executorName])
    // Readers continue after the time of the last entry they have, so no two may have the same, and none may
    // be earlier than one before it, even when the clock is set back.
    let latest = max(last?["time"] ?? .min, lastOfExecutor ?? .min)
    let number: Int64 = (last?["number"] ?? 0) + 1
    try execute(
      "INSERT INTO log (process, number, time, colony, executor, message) VALUES (?, ?, ?, ?, ?, ?)",
      [
        entry.sequence, number, max(entry.time.nanoseconds, latest == .max ? .max : latest + 1),
        entry.colonyID, entry.executorName, entry.message,
      ])
    guard number > kept else { return }
    try execute(
      """
      DELETE FROM log WHERE row IN (
        SELECT row FROM log WHERE process = ? ORDER BY time LIMIT MAX(0, ? - (
          SELECT number FROM log WHERE process = ? ORDER BY time LIMIT 1)))
      """, [entry.sequence, number - Int64(kept) + 1, entry.sequence])
  }

  private func execute(_ sql: String, _ arguments: StatementArguments) throws {
    try database.cachedStatement(sql: sql).execute(arguments: arguments)
  }

  // MARK: Reading processes

  /// A process, live or ended.
  func process(id: String) throws -> StoredProcess? {
    try rows("\(Self.selection) WHERE sequence = ? AND id = ?", [ProcessID.sequence(id), id]) { row in
      try process(row, try liveProcess(row), longestValue: nil)
    }.first
  }

  /// A process that has just been assigned.
  func process(_ live: LiveProcess) throws -> StoredProcess? {
    try rows("\(Self.selection) WHERE sequence = ?", [live.sequence]) { row in
      try process(row, live, longestValue: nil)
    }.first
  }

  /// What is left of a process that is not live.
  func ended(id: String) throws -> EndedProcess? {
    let statement = try database.cachedStatement(
      sql:
        "SELECT sequence, colony, state, executor FROM process WHERE sequence = ? AND id = ? AND state >= 2")
    guard let row = try Row.fetchOne(statement, arguments: [ProcessID.sequence(id), id]) else { return nil }
    guard let state = ProcessState(rawValue: row["state"]) else {
      throw QueueStore.Failure(description: "process \(id) has an unknown state in the database")
    }
    return EndedProcess(
      id: id, sequence: row["sequence"], colonyID: row["colony"], state: state, executorID: row["executor"])
  }

  /// The colony of a process, live or ended.
  func colonyID(ofProcess id: String) throws -> String? {
    try String.fetchOne(
      try database.cachedStatement(sql: "SELECT colony FROM process WHERE sequence = ? AND id = ?"),
      arguments: [ProcessID.sequence(id), id])
  }

  /// Processes in one state, in the order that an API lists them.
  /// - Parameter longestValue: Longer attribute values and outputs are shortened, so that the size of a
  ///   list has a bound.
  func processes(colonyID: String, _ query: ProcessQuery, api: API, longestValue: Int) throws
    -> [StoredProcess]
  {
    guard let state = ProcessState(rawValue: query.state) else { return [] }
    var sql = "\(Self.selection) WHERE colony = ? AND state = \(state.rawValue)"
    var arguments: StatementArguments = [colonyID]
    if !query.executorType.isEmpty {
      sql += " AND type = ?"
      arguments += [query.executorType]
    } else if !query.initiator.isEmpty {
      sql += " AND initiator_name = ?"
      arguments += [query.initiator]
    } else if !query.label.isEmpty {
      sql += " AND label = ?"
      arguments += [query.label]
    }
    sql += " ORDER BY \(Self.order(state, api)), sequence LIMIT ?"
    arguments += [query.count]
    return try processes(sql, arguments, longestValue: longestValue)
  }

  /// Processes that were submitted since a time, in one state.
  func history(
    colonyID: String, executorID: String, since: Timestamp, state: ProcessState, api: API, limit: Int,
    longestValue: Int
  ) throws -> [StoredProcess] {
    var sql = "\(Self.selection) WHERE colony = ? AND state = \(state.rawValue) AND submission_time >= ?"
    var arguments: StatementArguments = [colonyID, since.nanoseconds]
    if !executorID.isEmpty {
      sql += " AND executor = ?"
      arguments += [executorID]
    }
    sql += " ORDER BY submission_time \(api == .runtime ? "DESC" : "ASC") LIMIT ?"
    arguments += [limit]
    return try processes(sql, arguments, longestValue: longestValue)
  }

  func attribute(id: String) throws -> (attribute: Attribute, colonyID: String, state: ProcessState)? {
    let sql = """
      WITH RECURSIVE block (number) AS (
        SELECT MIN(process >> 6) FROM attribute
        UNION ALL
        SELECT (SELECT MIN(process >> 6) FROM attribute WHERE process >> 6 > block.number) FROM block
        WHERE block.number IS NOT NULL)
      SELECT attribute.*, process.id AS process_id, process.colony AS colony, process.state AS state
      FROM block CROSS JOIN attribute
        ON attribute.process >> 6 = block.number AND attribute.id = ?
      JOIN process ON process.sequence = attribute.process
      LIMIT 1
      """
    guard
      let row = try Row.fetchOne(try database.cachedStatement(sql: sql), arguments: [id]),
      let attribute = attribute(row, processID: row["process_id"]),
      let state = ProcessState(rawValue: row["state"])
    else { return nil }
    return (attribute, row["colony"], state)
  }

  /// A process's log; the colony's name is for the caller to fill in.
  func log(ofProcess id: String, count: Int, since: Timestamp, latest: Bool) throws -> [LogEntry] {
    try log(
      "process.sequence = ? AND process.id = ?", [ProcessID.sequence(id), id], count: count, since: since,
      latest: latest)
  }

  /// What a worker wrote to the logs of its processes; the colony's name is for the caller to fill in.
  func log(ofExecutor name: String, colonyID: String, count: Int, since: Timestamp, latest: Bool) throws
    -> [LogEntry]
  {
    try log(
      "log.colony = ? AND log.executor = ?", [colonyID, name], count: count, since: since, latest: latest)
  }

  private func log(
    _ condition: String, _ arguments: StatementArguments, count: Int, since: Timestamp, latest: Bool
  ) throws -> [LogEntry] {
    let sql = """
      SELECT log.*, process.id AS process_id FROM log JOIN process ON process.sequence = log.process
      WHERE \(condition) AND log.time > ? ORDER BY log.time \(latest ? "DESC" : "ASC") LIMIT ?
      """
    let rows = try Row.fetchAll(
      try database.cachedStatement(sql: sql), arguments: arguments + [since.nanoseconds, count])
    let entries = rows.map { row in
      LogEntry(
        processID: row["process_id"], colonyName: "", executorName: row["executor"],
        message: row["message"], time: Timestamp(nanoseconds: row["time"]))
    }
    return latest ? entries.reversed() : entries
  }

  private static let selection = "SELECT * FROM process"

  private static func order(_ state: ProcessState, _ api: API) -> String {
    switch (state, api) {
    case (.waiting, .runtime): "priority_time DESC"
    case (.waiting, .executor): "priority_time ASC"
    case (.running, .runtime): "start_time DESC"
    case (.running, .executor): "start_time ASC"
    default: "end_time DESC"
    }
  }

  private func processes(_ sql: String, _ arguments: StatementArguments, longestValue: Int) throws
    -> [StoredProcess]
  {
    try rows(sql, arguments) { row in
      try process(row, try liveProcess(row), longestValue: longestValue)
    }
  }

  /// Reads rows where they are: GRDB finds a column of a row that it has copied by comparing all names.
  private func rows<Value>(_ sql: String, _ arguments: StatementArguments, _ body: (Row) throws -> Value?)
    throws -> [Value]
  {
    let rows = try Row.fetchCursor(try database.cachedStatement(sql: sql), arguments: arguments)
    var values: [Value] = []
    while let row = try rows.next() {
      if let value = try body(row) { values.append(value) }
    }
    return values
  }

  private func process(_ row: Row, _ live: LiveProcess, longestValue: Int?) throws -> StoredProcess {
    let state = ProcessState(rawValue: row["state"]) ?? live.state
    let process = Process(
      id: live.id, spec: ProcessSpec(), state: state, initiatorID: row["initiator_id"],
      initiatorName: row["initiator_name"], assignedExecutorID: row["executor"],
      isAssigned: row["is_assigned"], priorityTime: live.priorityTime,
      submissionTime: Timestamp(nanoseconds: row["submission_time"]), startTime: row.time("start_time"),
      endTime: row.time("end_time"), waitDeadline: row.time("wait_deadline"),
      executionDeadline: row.time("execution_deadline"), retries: live.retries,
      attributes: try attributes(
        sequence: live.sequence, processID: live.id, state: state, longestValue: longestValue),
      output: try list(row["output"]).map { value in
        guard let longestValue, case .string(let text) = value else { return value }
        return .string(text.shortened(to: longestValue))
      },
      errors: try list(row["errors"]).compactMap(\.string))
    return StoredProcess(live: live, api: try Self.api(row), process: process, spec: row["spec"])
  }

  private func list(_ text: String?) throws -> [JSONValue] {
    guard let text else { return [] }
    return try JSONValue(parsing: text).array ?? []
  }

  private func attributes(sequence: Int64, processID: String, state: ProcessState, longestValue: Int?)
    throws -> [Attribute]
  {
    try rows("SELECT * FROM attribute WHERE process = ? ORDER BY number", [sequence]) { row in
      var attribute = attribute(row, processID: processID)
      attribute?.state = state
      if let longestValue, let value = attribute?.value {
        attribute?.value = value.shortened(to: longestValue)
      }
      return attribute
    }
  }

  private func attribute(_ row: Row, processID: String) -> Attribute? {
    guard let kind = Attribute.Kind(code: row["kind"], api: .runtime) else { return nil }
    return Attribute(id: row["id"], processID: processID, kind: kind, key: row["key"], value: row["value"])
  }

  // MARK: Reading everything at the start

  func colonies() throws -> [Colony] {
    try Row.fetchAll(database, sql: "SELECT id, name FROM colony").map { row in
      Colony(id: row["id"], name: row["name"])
    }
  }

  func registrations() throws -> [Registration] {
    try Row.fetchAll(database, sql: "SELECT * FROM registration ORDER BY row").map { row in
      let api = try Self.api(row)
      let reader = try JSONReader(
        try JSONValue(parsing: row["executor"] as String), structure: "executor")
      var executor = try Executor(reader, api: api)
      executor.colonyID = row["colony"]
      return Registration(row: row["row"], api: api, executor: executor)
    }
  }

  /// Hands every waiting and running process to `body`, without ever holding all rows.
  func forEachLive(_ body: (LiveProcess) -> Void) throws {
    let rows = try Row.fetchCursor(database, sql: "SELECT * FROM process WHERE state < 2")
    while let row = try rows.next() { body(try liveProcess(row)) }
  }

  func endedCounts() throws -> [(colonyID: String, state: ProcessState, count: Int)] {
    let sql = "SELECT colony, state, COUNT(*) AS count FROM process WHERE state >= 2 GROUP BY colony, state"
    return try Row.fetchAll(database, sql: sql).compactMap { row in
      ProcessState(rawValue: row["state"]).map { (row["colony"], $0, row["count"]) }
    }
  }

  func lastSequence() throws -> Int64 {
    try Int64.fetchOne(database, sql: "SELECT MAX(sequence) FROM process") ?? 0
  }

  /// Deletes the ended processes that were submitted first.
  /// - Returns: Of which colony and state each was.
  func removeOldestEnded(count: Int) throws -> [(colonyID: String, state: ProcessState)] {
    let sql = """
      DELETE FROM process WHERE sequence IN (
        SELECT sequence FROM process WHERE state >= 2 ORDER BY sequence LIMIT ?)
      RETURNING colony, state
      """
    return try Row.fetchAll(database, sql: sql, arguments: [count]).compactMap { row in
      ProcessState(rawValue: row["state"]).map { (row["colony"], $0) }
    }
  }

  private func liveProcess(_ row: Row) throws -> LiveProcess {
    var live = LiveProcess(
      sequence: row["sequence"], id: row["id"], colonyID: row["colony"], executorType: row["type"],
      priorityTime: row["priority_time"],
      demand: Demand(
        milliCPU: row["demand_cpu"], memory: row["demand_memory"], gpus: row["demand_gpus"],
        location: row["demand_location"]),
      targets: try list(row["targets"]).compactMap(Target.init), lease: row["lease"],
      retryLimit: row["retry_limit"], maxWait: row["max_wait"], waitDeadline: row.time("wait_deadline"),
      retries: row["retries"], attempt: row["attempt"])
    if row["state"] == ProcessState.running.rawValue {
      live.assignment = LiveProcess.Assignment(
        executorID: row["executor"], startTime: row.time("start_time") ?? Timestamp(nanoseconds: 0),
        deadline: row.time("execution_deadline"))
    }
    return live
  }

  private static func api(_ row: Row) throws -> API {
    guard let api = API(rawValue: row["api"]) else {
      throw QueueStore.Failure(description: "a row of the database has no API")
    }
    return api
  }
}

extension Row {
  fileprivate func time(_ column: String) -> Timestamp? {
    (self[column] as Int64?).map(Timestamp.init(nanoseconds:))
  }
}

extension Target {
  fileprivate var json: JSONValue {
    switch self {
    case .id(let id): ["id": .string(id)]
    case .name(let name): ["name": .string(name)]
    }
  }

  fileprivate init?(_ json: JSONValue) {
    if let id = json["id"]?.string {
      self = .id(id)
    } else if let name = json["name"]?.string {
      self = .name(name)
    } else {
      return nil
    }
  }
}

extension String {
  /// The text's beginning, with a note of its length, when it is longer than a number of bytes.
  fileprivate func shortened(to limit: Int) -> String {
    utf8.count <= limit ? self : "\(prefix(limit))… (\(utf8.count) bytes; get the process to see all)"
  }
}
