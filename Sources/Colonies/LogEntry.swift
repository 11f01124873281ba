public import JSON

/// A message that a worker wrote while it held a process. Executor API.
public struct LogEntry: Sendable, Hashable {
  /// The process that it is about; empty for a worker's own log.
  public var processID: String
  /// The colony of the process.
  public var colonyName: String
  /// Who wrote it.
  public var executorName: String
  /// What was written.
  public var message: String
  /// When the server took it.
  public var time: Timestamp

  /// Describes a log entry.
  public init(
    processID: String, colonyName: String, executorName: String, message: String, time: Timestamp
  ) {
    self.processID = processID
    self.colonyName = colonyName
    self.executorName = executorName
    self.message = message
    self.time = time
  }

  /// Reads an entry.
  public init(_ reader: JSONReader) throws(JSONTypeError) {
    try self.init(
      processID: reader.string("processid"), colonyName: reader.string("colonyname"),
      executorName: reader.string("executorname"), message: reader.string("message"),
      time: Timestamp(nanoseconds: Int64(reader.int("timestamp"))))
  }

  /// The entry as it travels. Its time is a number of nanoseconds, unlike every other time of the protocol.
  public var json: JSONValue {
    [
      "processid": .string(processID), "colonyname": .string(colonyName),
      "executorname": .string(executorName), "message": .string(message),
      "timestamp": .integer(Int(time.nanoseconds)),
    ]
  }
}

/// Which log entries to list, the oldest first. Executor API.
public struct LogQuery: Sendable, Hashable {
  /// The colony whose logs are read.
  public var colony: ColonyReference
  /// Those of this process; not looked at when a worker is named.
  public var processID: String
  /// Those of this worker, if not empty.
  public var executorName: String
  /// At most this many; servers allow 500.
  public var count: Int
  /// Only those after this time: the time of the last entry that was read continues a list.
  public var since: Timestamp
  /// Whether the latest are meant when there are more than `count`, instead of the first.
  public var latest: Bool

  /// Asks for the log of a process.
  public init(
    colony: ColonyReference, processID: String, count: Int = 500,
    since: Timestamp = Timestamp(nanoseconds: 0), latest: Bool = false
  ) {
    self.init(
      colony: colony, processID: processID, executorName: "", count: count, since: since, latest: latest)
  }

  /// Asks for the log of a worker.
  public init(
    colony: ColonyReference, executorName: String, count: Int = 500,
    since: Timestamp = Timestamp(nanoseconds: 0), latest: Bool = false
  ) {
    self.init(
      colony: colony, processID: "", executorName: executorName, count: count, since: since, latest: latest)
  }

  private init(
    colony: ColonyReference, processID: String, executorName: String, count: Int, since: Timestamp,
    latest: Bool
  ) {
    self.colony = colony
    self.processID = processID
    self.executorName = executorName
    self.count = count
    self.since = since
    self.latest = latest
  }
}

extension LogQuery {
  init(_ reader: JSONReader) throws(JSONTypeError) {
    try self.init(
      colony: ColonyReference(reader), processID: reader.string("processid"),
      executorName: reader.string("executorname"), count: reader.int("count"),
      since: Timestamp(nanoseconds: Int64(reader.int("since"))), latest: reader.bool("latest"))
  }

  var members: [JSONObject.Member] {
    [
      colony.member(.executor), JSONObject.Member(key: "processid", value: .string(processID)),
      JSONObject.Member(key: "executorname", value: .string(executorName)),
      JSONObject.Member(key: "count", value: .integer(count)),
      JSONObject.Member(key: "since", value: .integer(Int(since.nanoseconds))),
      JSONObject.Member(key: "latest", value: .bool(latest)),
    ]
  }
}
