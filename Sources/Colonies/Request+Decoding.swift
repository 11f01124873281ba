internal import JSON

extension Request {
  /// Reads a message.
  /// - Parameters:
  ///   - type: The envelope's payload type, already known to exist.
  ///   - text: The signed text.
  ///   - callerAPI: The API to assume where the message itself does not show it.
  /// - Throws: `Refusal` with the words that a server of that API answers.
  public static func decode(_ type: MessageType, text: [UInt8], callerAPI: API) throws(Refusal)
    -> (request: Request, api: API)
  {
    let message: JSONValue
    do {
      message = try JSONValue(parsing: text)
    } catch {
      let api = type.exclusiveAPI ?? callerAPI
      throw malformed(type, api, error.description)
    }
    let api = type.exclusiveAPI ?? shownAPI(type, message) ?? callerAPI
    if message == .null { throw malformed(type, api, "failed to parse JSON") }
    do {
      let reader = try JSONReader(message, structure: "rpc.\(type.rawValue)")
      guard try reader.string("msgtype") == type.rawValue else { throw mismatchedType(type, api) }
      return (try Request(type, reader, api), api)
    } catch let error as JSONTypeError {
      throw malformed(type, api, error.description)
    } catch let refusal as Refusal {
      throw refusal
    } catch {
      throw malformed(type, api, "invalid JSON")
    }
  }

  /// The API whose field names a message of both APIs uses, or nil when it uses none that tell.
  private static func shownAPI(_ type: MessageType, _ message: JSONValue) -> API? {
    guard let object = message.object else { return nil }
    switch type {
    case .addAttribute:
      guard let attribute = object["attribute"]?.object else { return nil }
      if attribute["targetcolonyname"] != nil { return .executor }
      if attribute["targetcolonyid"] != nil { return .runtime }
      return nil
    case .closeSuccessful: return object["out"] == nil ? nil : .executor
    case .closeFailed: return object["errors"] == nil ? nil : .executor
    default:
      if object["colonyname"] != nil { return .executor }
      if object["colonyid"] != nil || object["coloyid"] != nil { return .runtime }
      return nil
    }
  }

  private static func malformed(_ type: MessageType, _ api: API, _ detail: String) -> Refusal {
    switch api {
    case .runtime: Refusal(status: 400, message: detail)
    case .executor: Refusal(status: 400, message: "Failed to \(type.action), invalid JSON")
    }
  }

  private static func mismatchedType(_ type: MessageType, _ api: API) -> Refusal {
    let field = api == .runtime && type == .assignProcess ? "msgType" : "MsgType"
    let message = "msg.\(field) does not match payloadType"
    return Refusal(
      status: 400, message: api == .runtime ? message : "Failed to \(type.action), \(message)")
  }

  private init(_ type: MessageType, _ reader: JSONReader, _ api: API) throws {
    switch type {
    case .version: self = .version
    case .getColonies: self = .getColonies
    case .getStatistics: self = .getStatistics
    case .addColony:
      let colony = try reader.required("colony", "Colony", missing: type, api)
      self = .addColony(try Colony(colony))
    case .deleteColony, .removeColony: self = .removeColony(try ColonyReference(reader))
    case .getColony: self = .getColony(try ColonyReference(reader))
    case .getProcessStatistics, .getColonyStatistics:
      self = .getColonyStatistics(try ColonyReference(reader))
    case .addRuntime:
      self = .addExecutor(
        try Executor(try reader.required("runtime", "Runtime", missing: type, api), api: api))
    case .addExecutor:
      self = .addExecutor(
        try Executor(try reader.required("executor", "Executor", missing: type, api), api: api))
    case .getRuntimes, .getExecutors: self = .getExecutors(try ColonyReference(reader))
    case .getRuntime, .getExecutor: self = .getExecutor(try ExecutorReference(reader))
    case .approveRuntime, .approveExecutor: self = .approveExecutor(try ExecutorReference(reader))
    case .rejectRuntime, .rejectExecutor: self = .rejectExecutor(try ExecutorReference(reader))
    case .deleteRuntime, .removeExecutor: self = .removeExecutor(try ExecutorReference(reader))
    case .submitProcessSpec:
      let spec = try reader.required("spec", "ProcessSpec", missing: type, api)
      self = .submit(try ProcessSpec(spec, api: .runtime))
    case .submitFunctionSpec:
      let spec = try reader.required("spec", "FunctionSpec", missing: type, api)
      self = .submit(try ProcessSpec(spec, api: .executor))
    case .assignProcess:
      self = .assign(
        AssignRequest(
          colony: try ColonyReference(reader), timeout: api == .runtime ? -1 : try reader.int("timeout"),
          availableCPU: try reader.string("availablecpu"),
          availableMemory: try reader.string("availablemem")))
    case .getProcesses:
      var colony = try ColonyReference(reader)
      // The misspelt name of servers before 7 February 2022.
      if colony.id.isEmpty { colony.id = try reader.string("coloyid") }
      self = .getProcesses(
        try ProcessQuery(
          colony: colony, state: reader.int("state"), count: reader.int("count"),
          executorType: reader.string("executortype"), label: reader.string("label"),
          initiator: reader.string("initiator")))
    case .getProcess: self = .getProcess(id: try reader.string("processid"))
    case .getProcessHistory:
      self = .getProcessHistory(
        try HistoryQuery(
          colony: ColonyReference(reader),
          executorID: reader.string(api == .runtime ? "runtimeid" : "executorid"),
          seconds: reader.int("seconds"), state: reader.int("state")))
    case .closeSuccessful:
      self = .closeSuccessful(
        id: try reader.string("processid"), output: reader["out"] == nil ? nil : try reader.array("out"))
    case .closeFailed:
      self = .closeFailed(id: try reader.string("processid"), errors: try reader.strings("errors"))
    case .cancelProcess: self = .cancelProcess(id: try reader.string("processid"))
    case .deleteProcess, .removeProcess: self = .removeProcess(id: try reader.string("processid"))
    case .deleteAllProcesses: self = .removeAllProcesses(try ColonyReference(reader), state: nil)
    case .removeAllProcesses:
      self = .removeAllProcesses(
        try ColonyReference(reader), state: try Self.removableState(try reader.int("state")))
    case .addAttribute:
      self = .addAttribute(
        try Attribute(try reader.required("attribute", "Attribute", missing: type, api), api: api))
    case .getAttribute: self = .getAttribute(id: try reader.string("attributeid"))
    case .addLog:
      self = try .addLog(processID: reader.string("processid"), message: reader.string("message"))
    case .getLogs: self = .getLogs(try LogQuery(reader))
    }
  }

  private static func removableState(_ code: Int) throws(Refusal) -> ProcessState? {
    if code == -1 { return nil }
    guard let state = ProcessState(rawValue: code) else {
      throw Refusal(status: 400, message: "Invalid state when deleting all processes")
    }
    if state == .running {
      throw Refusal(status: 400, message: "Not possible to remove running processes")
    }
    return state
  }
}

extension JSONReader {
  /// The nested object that a message is about.
  /// - Throws: The refusal of a message without it.
  fileprivate func required(_ key: String, _ structure: String, missing type: MessageType, _ api: API) throws
    -> JSONReader
  {
    if let reader = try nested(key, structure: structure) { return reader }
    switch (type, api) {
    case (.addColony, .runtime): throw Refusal(status: 400, message: "colony is nil")
    case (.addColony, .executor):
      throw Refusal(status: 400, message: "Failed to add colony, colony is <nil>")
    case (.addRuntime, _): throw Refusal(status: 400, message: "runtime is nil")
    case (.addExecutor, _):
      throw Refusal(status: 400, message: "Failed to add executor, executor is nil")
    case (.submitProcessSpec, _): throw Refusal(status: 400, message: "msg.ProcessSpec is nil")
    case (.submitFunctionSpec, _):
      throw Refusal(status: 400, message: "Failed to submit process spec, msg.FunctionSpec is nil")
    case (.addAttribute, .runtime): throw Refusal(status: 400, message: "msg.Attribute is nil")
    case (.addAttribute, .executor):
      throw Refusal(status: 404, message: "Failed to add attribute, process not found")
    default: throw Refusal(status: 400, message: "\(key) is nil")
    }
  }
}

extension ExecutorReference {
  fileprivate init(_ reader: JSONReader) throws(JSONTypeError) {
    try self.init(
      id: reader.string("runtimeid"), name: reader.string("executorname"), colony: ColonyReference(reader))
  }
}
