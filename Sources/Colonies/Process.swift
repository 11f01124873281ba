public import JSON

/// A submitted spec and what has become of it.
public struct Process: Sendable, Hashable {
  /// 64 hexadecimal digits.
  public var id: String
  /// What is to be done.
  public var spec: ProcessSpec
  /// Where it is in its life.
  public var state: ProcessState
  /// Who submitted it. Executor API.
  public var initiatorID: String
  /// Executor API.
  public var initiatorName: String
  /// The worker that holds it, or held it last when it ended; empty while it waits.
  public var assignedExecutorID: String
  /// Whether a worker holds it, or held it when it ended.
  public var isAssigned: Bool
  /// The submission time in nanoseconds less a day for each step of priority: the smallest is next.
  /// Executor API.
  public var priorityTime: Int64
  /// When it was submitted.
  public var submissionTime: Timestamp?
  /// When the latest attempt began.
  public var startTime: Timestamp?
  /// When it ended, or when its latest attempt expired.
  public var endTime: Timestamp?
  /// When it fails if nobody takes it. Executor API.
  public var waitDeadline: Timestamp?
  /// When the latest attempt's lease ends.
  public var executionDeadline: Timestamp?
  /// How many attempts have expired.
  public var retries: Int
  /// Its environment, and what its worker added.
  public var attributes: [Attribute]
  /// Executor API.
  public var input: [JSONValue]
  /// What the worker returned. Executor API.
  public var output: [JSONValue]
  /// Why it failed. Executor API.
  public var errors: [String]

  /// Describes a process.
  public init(
    id: String, spec: ProcessSpec, state: ProcessState = .waiting, initiatorID: String = "",
    initiatorName: String = "", assignedExecutorID: String = "", isAssigned: Bool = false,
    priorityTime: Int64 = 0, submissionTime: Timestamp? = nil, startTime: Timestamp? = nil,
    endTime: Timestamp? = nil, waitDeadline: Timestamp? = nil, executionDeadline: Timestamp? = nil,
    retries: Int = 0, attributes: [Attribute] = [], input: [JSONValue] = [], output: [JSONValue] = [],
    errors: [String] = []
  ) {
    self.id = id
    self.spec = spec
    self.state = state
    self.initiatorID = initiatorID
    self.initiatorName = initiatorName
    self.assignedExecutorID = assignedExecutorID
    self.isAssigned = isAssigned
    self.priorityTime = priorityTime
    self.submissionTime = submissionTime
    self.startTime = startTime
    self.endTime = endTime
    self.waitDeadline = waitDeadline
    self.executionDeadline = executionDeadline
    self.retries = retries
    self.attributes = attributes
    self.input = input
    self.output = output
    self.errors = errors
  }
}

extension Process {
  /// Reads a process as one API writes it.
  public init(_ reader: JSONReader, api: API) throws(JSONTypeError) {
    guard let specReader = try reader.nested("spec", structure: "spec") else {
      throw JSONTypeError(found: "null", structure: "Process", path: "spec", expected: "object")
    }
    let code = try reader.int("state")
    guard let state = ProcessState(rawValue: code) else {
      throw JSONTypeError(found: "number \(code)", structure: "Process", path: "state", expected: "int")
    }
    var attributes: [Attribute] = []
    for attribute in try reader.list("attributes", structure: "Attribute") {
      attributes.append(try Attribute(attribute, api: api))
    }
    try self.init(
      id: reader.string("processid"), spec: ProcessSpec(specReader, api: api), state: state,
      isAssigned: reader.bool("isassigned"), submissionTime: reader.time("submissiontime"),
      startTime: reader.time("starttime"), endTime: reader.time("endtime"), retries: reader.int("retries"),
      attributes: attributes)
    switch api {
    case .runtime:
      assignedExecutorID = try reader.string("assignedruntimeid")
      executionDeadline = try reader.time("deadline")
    case .executor:
      assignedExecutorID = try reader.string("assignedexecutorid")
      executionDeadline = try reader.time("execdeadline")
      initiatorID = try reader.string("initiatorid")
      initiatorName = try reader.string("initiatorname")
      priorityTime = Int64(try reader.int("prioritytime"))
      waitDeadline = try reader.time("waitdeadline")
      input = try reader.array("in")
      output = try reader.array("out")
      errors = try reader.strings("errors")
    }
  }

  /// The process as one API writes it. Workflows are not supported, so their members have their empty
  /// values.
  public func json(_ api: API) -> JSONValue { json(api, spec: spec.json(api)) }

  /// The process as one API writes it, with a spec that this API has written already.
  public func json(_ api: API, spec: JSONValue) -> JSONValue {
    switch api {
    case .runtime:
      [
        "processid": .string(id), "assignedruntimeid": .string(assignedExecutorID),
        "isassigned": .bool(isAssigned),
        // The runtime API has no state for a cancelled process.
        "state": .integer(state == .cancelled ? ProcessState.failed.rawValue : state.rawValue),
        "submissiontime": .time(submissionTime), "starttime": .time(startTime), "endtime": .time(endTime),
        "deadline": .time(executionDeadline), "retries": .integer(retries),
        "attributes": .nullIfEmpty(attributes.map { $0.json(api) }), "spec": spec,
      ]
    case .executor:
      [
        "processid": .string(id), "initiatorid": .string(initiatorID),
        "initiatorname": .string(initiatorName), "assignedexecutorid": .string(assignedExecutorID),
        "isassigned": .bool(isAssigned), "state": .integer(state.rawValue),
        "prioritytime": .integer(priorityTime), "submissiontime": .time(submissionTime),
        "starttime": .time(startTime), "endtime": .time(endTime), "waitdeadline": .time(waitDeadline),
        "execdeadline": .time(executionDeadline), "retries": .integer(retries),
        "attributes": .array(attributes.map { $0.json(api) }), "spec": spec,
        "waitforparents": false, "parents": [], "children": [], "processgraphid": "",
        "in": .array(input), "out": .array(output), "errors": .strings(errors),
      ]
    }
  }
}
