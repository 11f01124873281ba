public import JSON

/// What somebody wants done: a *process spec* in the API of 2022, a *function spec* in today's. A value
/// holds the fields of both; each API reads and writes its own.
public struct ProcessSpec: Sendable, Hashable {
  /// Who may take the process.
  public struct Conditions: Sendable, Hashable {
    /// The colony that it is for. Runtime API.
    public var colonyID: String
    /// The colony that it is for. Executor API.
    public var colonyName: String
    /// The worker's type; must match exactly.
    public var executorType: String
    /// Only these workers, by id. Empty means any. Runtime API.
    public var executorIDs: [String]
    /// Only these workers, by name. Empty or nil means any. Executor API.
    public var executorNames: [String]?
    /// The member `dependencies`. Executor API.
    public var dependencies: [String]
    /// Cores, as `1500m`; empty means no demand. The runtime API counts whole cores.
    public var cpu: String
    /// Memory with its unit, as `512Mi`; empty means no demand. The runtime API counts MiB.
    public var memory: String
    /// Executor API.
    public var storage: String
    /// The demand for graphics processors; the runtime API only counts them.
    public var gpu: GPU
    /// Executor API; nil leaves the member out.
    public var locationName: String?
    /// Executor API.
    public var nodes: Int
    /// Executor API.
    public var processes: Int
    /// Executor API.
    public var processesPerNode: Int
    /// Seconds. Executor API.
    public var wallTime: Int

    /// Describes conditions; without any, every worker of the type may take the process.
    public init(
      colonyID: String = "", colonyName: String = "", executorType: String = "",
      executorIDs: [String] = [], executorNames: [String]? = [], dependencies: [String] = [],
      cpu: String = "", memory: String = "", storage: String = "", gpu: GPU = GPU(),
      locationName: String? = nil, nodes: Int = 0, processes: Int = 0, processesPerNode: Int = 0,
      wallTime: Int = 0
    ) {
      self.colonyID = colonyID
      self.colonyName = colonyName
      self.executorType = executorType
      self.executorIDs = executorIDs
      self.executorNames = executorNames
      self.dependencies = dependencies
      self.cpu = cpu
      self.memory = memory
      self.storage = storage
      self.gpu = gpu
      self.locationName = locationName
      self.nodes = nodes
      self.processes = processes
      self.processesPerNode = processesPerNode
      self.wallTime = wallTime
    }

    /// The colony, for requests about it.
    public var colony: ColonyReference { ColonyReference(id: colonyID, name: colonyName) }
  }

  /// The demand for graphics processors.
  public struct GPU: Sendable, Hashable {
    /// The model. Executor API.
    public var name: String
    /// Memory with its unit. Executor API.
    public var memory: String
    /// How many.
    public var count: Int
    /// Executor API.
    public var nodeCount: Int

    /// Describes a demand.
    public init(name: String = "", memory: String = "", count: Int = 0, nodeCount: Int = 0) {
      self.name = name
      self.memory = memory
      self.count = count
      self.nodeCount = nodeCount
    }
  }

  /// Who may take it.
  public var conditions: Conditions
  /// Texts for the worker; each becomes an attribute of the process.
  public var environment: [String: String]
  /// Arguments. The runtime API allows texts only.
  public var arguments: [JSONValue]
  /// How long one attempt may take, in seconds. 0 and below mean no limit.
  public var maxExecutionTime: Int
  /// How often an expired attempt is repeated.
  public var maxRetries: Int

  /// Runtime API.
  public var image: String
  /// Runtime API.
  public var command: String
  /// Runtime API.
  public var volumes: [String]
  /// Runtime API.
  public var ports: [String]
  /// The lease's name before February 2022, in seconds; nil leaves the member out. Runtime API.
  public var timeout: Int?

  /// Executor API.
  public var nodeName: String
  /// Executor API.
  public var functionName: String
  /// Executor API.
  public var keywordArguments: JSONObject
  /// −50,000 to 50,000; one step is worth a day of waiting. Executor API.
  public var priority: Int
  /// How long it may wait before it fails, in seconds. 0 and below mean no limit. Executor API.
  public var maxWaitTime: Int
  /// Executor API.
  public var label: String
  /// The file system to mount, kept as it came. Executor API.
  public var fileSystem: JSONValue
  /// Executor API; nil leaves the member out.
  public var channels: [String]?

  /// Describes what is to be done.
  public init(
    conditions: Conditions = Conditions(), environment: [String: String] = [:],
    arguments: [JSONValue] = [], maxExecutionTime: Int = -1, maxRetries: Int = 0, image: String = "",
    command: String = "", volumes: [String] = [], ports: [String] = [], timeout: Int? = nil,
    nodeName: String = "", functionName: String = "", keywordArguments: JSONObject = JSONObject(),
    priority: Int = 0, maxWaitTime: Int = -1, label: String = "",
    fileSystem: JSONValue = Self.noFileSystem, channels: [String]? = nil
  ) {
    self.conditions = conditions
    self.environment = environment
    self.arguments = arguments
    self.maxExecutionTime = maxExecutionTime
    self.maxRetries = maxRetries
    self.image = image
    self.command = command
    self.volumes = volumes
    self.ports = ports
    self.timeout = timeout
    self.nodeName = nodeName
    self.functionName = functionName
    self.keywordArguments = keywordArguments
    self.priority = priority
    self.maxWaitTime = maxWaitTime
    self.label = label
    self.fileSystem = fileSystem
    self.channels = channels
  }

  /// The file system of a spec that names none.
  public static let noFileSystem: JSONValue = ["mount": "", "snapshots": nil, "dirs": nil]

  /// How long one attempt may take, in seconds, or nil when there is no limit. Servers before February 2022
  /// call it `timeout`.
  public var lease: Int? {
    if maxExecutionTime > 0 { return maxExecutionTime }
    if let timeout, timeout > 0 { return timeout }
    return nil
  }
}
