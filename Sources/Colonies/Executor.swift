public import JSON

/// A registered worker: an *executor* in today's API, a *runtime* in that of 2022.
public struct Executor: Sendable, Hashable {
  /// What the colony's owner decided about a worker.
  public enum State: Int, Sendable, Hashable {
    case pending = 0
    case approved = 1
    case rejected = 2
    /// Removed, but still listed. Only in the executor API.
    case unregistered = 3
  }

  /// The identity of the worker's key.
  public var id: String
  /// What kind of processes it takes.
  public var type: String
  /// Its name; in the executor API unique in the colony.
  public var name: String
  /// The colony it works for. Runtime API.
  public var colonyID: String
  /// The colony it works for. Executor API.
  public var colonyName: String
  /// What the colony's owner decided. Servers ignore it in requests.
  public var state: State
  /// When it registered.
  public var commissionTime: Timestamp?
  /// When it last asked for work.
  public var lastHeardFromTime: Timestamp?
  /// The processor's description. Runtime API.
  public var cpu: String
  /// Runtime API.
  public var cores: Int
  /// MiB. Runtime API.
  public var memory: Int
  /// The GPU's description. Runtime API.
  public var gpu: String
  /// Runtime API.
  public var gpus: Int
  /// Executor API: stored and shown, not enforced.
  public var requiresFunctionRegistration: Bool
  /// Executor API; nil leaves the member out.
  public var locationName: String?
  /// Executor API: an object of hardware and software lists, kept as it came.
  public var capabilities: JSONValue
  /// Executor API: an object of project allocations, kept as it came.
  public var allocations: JSONValue

  /// Describes a worker.
  public init(
    id: String, type: String, name: String, colonyID: String = "", colonyName: String = "",
    state: State = .pending, commissionTime: Timestamp? = nil, lastHeardFromTime: Timestamp? = nil,
    cpu: String = "", cores: Int = 0, memory: Int = 0, gpu: String = "", gpus: Int = 0,
    requiresFunctionRegistration: Bool = false, locationName: String? = nil,
    capabilities: JSONValue = Self.noCapabilities, allocations: JSONValue = Self.noAllocations
  ) {
    self.id = id
    self.type = type
    self.name = name
    self.colonyID = colonyID
    self.colonyName = colonyName
    self.state = state
    self.commissionTime = commissionTime
    self.lastHeardFromTime = lastHeardFromTime
    self.cpu = cpu
    self.cores = cores
    self.memory = memory
    self.gpu = gpu
    self.gpus = gpus
    self.requiresFunctionRegistration = requiresFunctionRegistration
    self.locationName = locationName
    self.capabilities = capabilities
    self.allocations = allocations
  }

  /// The capabilities of a worker that names none.
  public static let noCapabilities: JSONValue = ["hardware": nil, "software": nil]
  /// The allocations of a worker that names none.
  public static let noAllocations: JSONValue = ["projects": nil]
}

extension Executor {
  /// Reads a worker as one API writes it.
  public init(_ reader: JSONReader, api: API) throws(JSONTypeError) {
    let state = State(rawValue: try reader.int("state")) ?? .pending
    let commissionTime = try reader.time("commissiontime")
    let lastHeardFromTime = try reader.time("lastheardfromtime")
    switch api {
    case .runtime:
      try self.init(
        id: reader.string("runtimeid"), type: reader.string("runtimetype"), name: reader.string("name"),
        colonyID: reader.string("colonyid"), state: state, commissionTime: commissionTime,
        lastHeardFromTime: lastHeardFromTime, cpu: reader.string("cpu"), cores: reader.int("cores"),
        memory: reader.int("mem"), gpu: reader.string("gpu"), gpus: reader.int("gpus"))
    case .executor:
      try self.init(
        id: reader.string("executorid"), type: reader.string("executortype"),
        name: reader.string("executorname"), colonyName: reader.string("colonyname"), state: state,
        commissionTime: commissionTime, lastHeardFromTime: lastHeardFromTime,
        requiresFunctionRegistration: reader.bool("requirefuncreg"),
        locationName: reader["locationname"]?.string,
        capabilities: reader["capabilities"] ?? Self.noCapabilities,
        allocations: reader["allocations"] ?? Self.noAllocations)
    }
  }

  /// The worker as one API writes it.
  public func json(_ api: API) -> JSONValue {
    switch api {
    case .runtime:
      return [
        "runtimeid": .string(id), "runtimetype": .string(type), "name": .string(name),
        "colonyid": .string(colonyID), "cpu": .string(cpu), "cores": .integer(cores),
        "mem": .integer(memory), "gpu": .string(gpu), "gpus": .integer(gpus),
        "state": .integer(state.rawValue), "commissiontime": .time(commissionTime),
        "lastheardfromtime": .time(lastHeardFromTime),
      ]
    case .executor:
      var object = JSONObject()
      object.append("executorid", .string(id))
      object.append("executortype", .string(type))
      object.append("executorname", .string(name))
      object.append("colonyname", .string(colonyName))
      object.append("state", .integer(state.rawValue))
      object.append("requirefuncreg", .bool(requiresFunctionRegistration))
      object.append("commissiontime", .time(commissionTime))
      object.append("lastheardfromtime", .time(lastHeardFromTime))
      if let locationName { object.append("locationname", .string(locationName)) }
      object.append("capabilities", capabilities)
      object.append("allocations", allocations)
      return .object(object)
    }
  }
}

/// Which worker a request is about: the runtime API names it by id, the executor API by its colony and name.
public struct ExecutorReference: Sendable, Hashable {
  /// For the runtime API.
  public var id: String
  /// For the executor API.
  public var name: String
  /// The worker's colony, for the executor API.
  public var colony: ColonyReference

  /// Names a worker by id, by colony and name, or by both.
  public init(id: String = "", name: String = "", colony: ColonyReference = ColonyReference()) {
    self.id = id
    self.name = name
    self.colony = colony
  }
}
