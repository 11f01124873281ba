public import JSON

extension ProcessSpec {
  /// Reads a spec as one API writes it.
  public init(_ reader: JSONReader, api: API) throws(JSONTypeError) {
    switch api {
    case .runtime: try self.init(runtime: reader)
    case .executor: try self.init(executor: reader)
    }
  }

  /// The spec as one API writes it.
  public func json(_ api: API) -> JSONValue {
    switch api {
    case .runtime: runtimeJSON
    case .executor: executorJSON
    }
  }

  private init(runtime reader: JSONReader) throws(JSONTypeError) {
    var conditions = Conditions()
    if let nested = try reader.nested("conditions", structure: "Conditions") {
      let cores = try nested.int("cores")
      let memory = try nested.int("mem")
      conditions = try Conditions(
        colonyID: nested.string("colonyid"), executorType: nested.string("runtimetype"),
        executorIDs: nested.strings("runtimeids"),
        cpu: cores == 0 ? "" : ResourceQuantity.cpuText(milliCPU: cores.multipliedSaturating(by: 1000)),
        memory: memory == 0 ? "" : ResourceQuantity.memoryText(mebibytes: memory),
        gpu: GPU(count: nested.int("gpus")))
    }
    try self.init(
      conditions: conditions, environment: reader.stringMap("env"),
      arguments: reader.strings("args").map(JSONValue.string),
      maxExecutionTime: reader.int("maxexectime"), maxRetries: reader.int("maxretries"),
      image: reader.string("image"), command: reader.string("cmd"), volumes: reader.strings("volumes"),
      ports: reader.strings("ports"), timeout: reader.optionalInt("timeout"))
  }

  private var runtimeJSON: JSONValue {
    var object = JSONObject()
    object.append("image", .string(image))
    object.append("cmd", .string(command))
    object.append("args", .array(arguments.map { .string($0.string ?? $0.text()) }))
    object.append("volumes", .strings(volumes))
    object.append("ports", .strings(ports))
    if let timeout { object.append("timeout", .integer(timeout)) }
    object.append("maxexectime", .integer(maxExecutionTime))
    object.append("maxretries", .integer(maxRetries))
    object.append("conditions", conditions.runtimeJSON)
    object.append("env", .object(JSONObject(sorted: environment.mapValues(JSONValue.string))))
    return .object(object)
  }

  private init(executor reader: JSONReader) throws(JSONTypeError) {
    var conditions = Conditions()
    if let nested = try reader.nested("conditions", structure: "Conditions") {
      var gpu = GPU()
      if let reader = try nested.nested("gpu", structure: "GPU") {
        gpu = try GPU(
          name: reader.string("name"), memory: reader.string("mem"), count: reader.int("count"),
          nodeCount: reader.int("nodecount"))
      }
      conditions = try Conditions(
        colonyName: nested.string("colonyname"), executorType: nested.string("executortype"),
        executorNames: nested.optionalStrings("executornames"),
        dependencies: nested.strings("dependencies"), cpu: nested.string("cpu"),
        memory: nested.string("mem"), storage: nested.string("storage"), gpu: gpu,
        locationName: nested["locationname"]?.string, nodes: nested.int("nodes"),
        processes: nested.int("processes"), processesPerNode: nested.int("processespernode"),
        wallTime: nested.int("walltime"))
    }
    try self.init(
      conditions: conditions, environment: reader.stringMap("env"), arguments: reader.array("args"),
      maxExecutionTime: reader.int("maxexectime"), maxRetries: reader.int("maxretries"),
      nodeName: reader.string("nodename"), functionName: reader.string("funcname"),
      keywordArguments: reader.object("kwargs"), priority: reader.int("priority"),
      maxWaitTime: reader.int("maxwaittime"), label: reader.string("label"),
      fileSystem: reader["fs"] ?? Self.noFileSystem, channels: reader.optionalStrings("channels"))
  }

  private var executorJSON: JSONValue {
    var object = JSONObject()
    object.append("nodename", .string(nodeName))
    object.append("funcname", .string(functionName))
    object.append("args", .array(arguments))
    object.append("kwargs", .object(keywordArguments))
    object.append("priority", .integer(priority))
    object.append("maxwaittime", .integer(maxWaitTime))
    object.append("maxexectime", .integer(maxExecutionTime))
    object.append("maxretries", .integer(maxRetries))
    object.append("conditions", conditions.executorJSON)
    object.append("label", .string(label))
    object.append("fs", fileSystem)
    object.append("env", .object(JSONObject(sorted: environment.mapValues(JSONValue.string))))
    if let channels { object.append("channels", .strings(channels)) }
    return .object(object)
  }
}

extension ProcessSpec.Conditions {
  fileprivate var runtimeJSON: JSONValue {
    [
      "colonyid": .string(colonyID), "runtimeids": .strings(executorIDs),
      "runtimetype": .string(executorType), "mem": .integer(requestedMemory),
      "cores": .integer(requestedCores), "gpus": .integer(gpu.count),
    ]
  }

  fileprivate var executorJSON: JSONValue {
    var object = JSONObject()
    object.append("colonyname", .string(colonyName))
    object.append("executornames", executorNames.map(JSONValue.strings) ?? .null)
    object.append("executortype", .string(executorType))
    if let locationName { object.append("locationname", .string(locationName)) }
    object.append("dependencies", .strings(dependencies))
    object.append("nodes", .integer(nodes))
    object.append("cpu", .string(cpu))
    object.append("processes", .integer(processes))
    object.append("processespernode", .integer(processesPerNode))
    object.append("mem", .string(memory))
    object.append("storage", .string(storage))
    object.append(
      "gpu",
      [
        "name": .string(gpu.name), "mem": .string(gpu.memory), "count": .integer(gpu.count),
        "nodecount": .integer(gpu.nodeCount),
      ])
    object.append("walltime", .integer(wallTime))
    return .object(object)
  }

  /// Whole cores, rounded up. A text that is not a quantity counts as no demand: servers refuse it when the
  /// process is submitted, so it can only come from a spec that was never accepted.
  public var requestedCores: Int {
    let milliCPU = (try? ResourceQuantity.milliCPU(cpu)) ?? 0
    return milliCPU / 1000 + (milliCPU % 1000 > 0 ? 1 : 0)
  }

  /// MiB; see `requestedCores`.
  public var requestedMemory: Int { (try? ResourceQuantity.mebibytes(memory)) ?? 0 }
}

extension Int {
  fileprivate func multipliedSaturating(by factor: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? (self < 0 ? .min : .max) : product
  }
}
