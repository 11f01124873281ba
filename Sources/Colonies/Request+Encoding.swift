internal import Base64
public import JSON

extension Request {
  /// The name this request has in an API, or nil when the API has no such request.
  public func messageType(_ api: API) -> MessageType? {
    let (runtime, executor): (MessageType?, MessageType?) =
      switch self {
      case .version: (nil, .version)
      case .addColony: (.addColony, .addColony)
      case .removeColony: (.deleteColony, .removeColony)
      case .getColonies: (.getColonies, .getColonies)
      case .getColony: (.getColony, .getColony)
      case .getColonyStatistics: (.getProcessStatistics, .getColonyStatistics)
      case .getStatistics: (nil, .getStatistics)
      case .addExecutor: (.addRuntime, .addExecutor)
      case .approveExecutor: (.approveRuntime, .approveExecutor)
      case .rejectExecutor: (.rejectRuntime, .rejectExecutor)
      case .removeExecutor: (.deleteRuntime, .removeExecutor)
      case .getExecutor: (.getRuntime, .getExecutor)
      case .getExecutors: (.getRuntimes, .getExecutors)
      case .submit: (.submitProcessSpec, .submitFunctionSpec)
      case .assign: (.assignProcess, .assignProcess)
      case .getProcess: (.getProcess, .getProcess)
      case .getProcesses: (.getProcesses, .getProcesses)
      case .getProcessHistory: (.getProcessHistory, .getProcessHistory)
      case .closeSuccessful: (.closeSuccessful, .closeSuccessful)
      case .closeFailed: (.closeFailed, .closeFailed)
      case .cancelProcess: (nil, .cancelProcess)
      case .removeProcess: (.deleteProcess, .removeProcess)
      case .removeAllProcesses: (.deleteAllProcesses, .removeAllProcesses)
      case .addAttribute: (.addAttribute, .addAttribute)
      case .getAttribute: (.getAttribute, .getAttribute)
      case .addLog: (nil, .addLog)
      case .getLogs: (nil, .getLogs)
      }
    return api == .runtime ? runtime : executor
  }

  /// The signed request as it travels, or nil when the API has no such request.
  /// - Parameter key: Whose request it is; nil is allowed only for requests that need no signature.
  public func envelope(_ api: API, signedWith key: PrivateKey?) -> RequestEnvelope? {
    guard let type = messageType(api), let message = message(api) else { return nil }
    let payload = Base64.encode(message.encoded())
    return RequestEnvelope(
      signature: key.map { Signature.sign(payload, with: $0) } ?? "", payloadType: type.rawValue,
      payload: payload)
  }

  /// The message as one API writes it, or nil when the API has no such request.
  public func message(_ api: API) -> JSONValue? {
    guard let type = messageType(api) else { return nil }
    var object = JSONObject(members(api))
    object.append("msgtype", .string(type.rawValue))
    return .object(object)
  }

  private func members(_ api: API) -> [JSONObject.Member] {
    switch self {
    case .version: [member("buildversion", ""), member("buildtime", "")]
    case .getColonies, .getStatistics: []
    case .addColony(let colony): [member("colony", colony.json)]
    case .removeColony(let colony), .getColony(let colony), .getColonyStatistics(let colony),
      .getExecutors(let colony):
      [colony.member(api)]
    case .addExecutor(let executor):
      [member(api == .runtime ? "runtime" : "executor", executor.json(api))]
    case .approveExecutor(let executor), .rejectExecutor(let executor), .removeExecutor(let executor),
      .getExecutor(let executor):
      members(executor, api)
    case .submit(let spec): [member("spec", spec.json(api))]
    case .assign(let request): members(request, api)
    case .getProcess(let id), .cancelProcess(let id): [member("processid", .string(id))]
    case .removeProcess(let id): [member("processid", .string(id)), member("all", false)]
    case .getProcesses(let query): members(query, api)
    case .getProcessHistory(let query):
      [
        query.colony.member(api),
        member(api == .runtime ? "runtimeid" : "executorid", .string(query.executorID)),
        member("seconds", .integer(query.seconds)), member("state", .integer(query.state)),
      ]
    case .closeSuccessful(let id, let output):
      api == .runtime
        ? [member("processid", .string(id))]
        : [member("processid", .string(id)), member("out", output.map(JSONValue.array) ?? .null)]
    case .closeFailed(let id, let errors):
      api == .runtime
        ? [member("processid", .string(id))]
        : [member("processid", .string(id)), member("errors", .strings(errors))]
    case .removeAllProcesses(let colony, let state):
      api == .runtime
        ? [colony.member(api)]
        : [colony.member(api), member("state", .integer(state?.rawValue ?? -1))]
    case .addAttribute(let attribute): [member("attribute", attribute.json(api))]
    case .getAttribute(let id): [member("attributeid", .string(id))]
    case .addLog(let id, let message):
      [member("processid", .string(id)), member("message", .string(message))]
    case .getLogs(let query): query.members
    }
  }

  private func members(_ executor: ExecutorReference, _ api: API) -> [JSONObject.Member] {
    switch api {
    case .runtime: [member("runtimeid", .string(executor.id))]
    case .executor: [executor.colony.member(api), member("executorname", .string(executor.name))]
    }
  }

  private func members(_ request: AssignRequest, _ api: API) -> [JSONObject.Member] {
    switch api {
    case .runtime: [request.colony.member(api)]
    case .executor:
      [
        request.colony.member(api), member("timeout", .integer(request.timeout)),
        member("availablecpu", .string(request.availableCPU)),
        member("availablemem", .string(request.availableMemory)),
      ]
    }
  }

  private func members(_ query: ProcessQuery, _ api: API) -> [JSONObject.Member] {
    var members = [
      query.colony.member(api), member("count", .integer(query.count)),
      member("state", .integer(query.state)),
    ]
    switch api {
    case .runtime:
      // Servers before 7 February 2022 read the colony under this misspelt name; later ones ignore it.
      members.append(member("coloyid", .string(query.colony.id)))
    case .executor:
      members += [
        member("executortype", .string(query.executorType)), member("label", .string(query.label)),
        member("initiator", .string(query.initiator)),
      ]
    }
    return members
  }

  private func member(_ key: String, _ value: JSONValue) -> JSONObject.Member {
    JSONObject.Member(key: key, value: value)
  }
}
