internal import Colonies
internal import JSON

/// Reads the files that describe a process: *process specs* of the runtime API, *function specs* of the
/// executor API, and mixtures.
struct ProcessSpecReader {
  private let file: SpecFile

  init(_ file: SpecFile) { self.file = file }

  private static let count = SpecShape.integer(0 ... .max)
  private static let limit = SpecShape.integer(-1 ... .max)

  private static let shape = SpecShape.object([
    "conditions": .object(conditions), "env": .stringMap, "args": .array, "maxexectime": limit,
    "maxretries": limit,
    // Runtime API.
    "image": .string, "cmd": .string, "volumes": .strings, "ports": .strings, "timeout": limit,
    // Executor API.
    "nodename": .string, "funcname": .string, "kwargs": .members, "priority": .integer(-50_000...50_000),
    "maxwaittime": limit, "label": .string, "fs": .members, "channels": .strings,
  ])

  private static let conditions: [String: SpecShape] = [
    "mem": .either(.integer(0...1 << 40), .string),
    // Runtime API.
    "colonyid": .string, "runtimetype": .string, "runtimeids": .strings, "cores": .integer(0...1_000_000),
    "gpus": count,
    // Executor API.
    "colonyname": .string, "executortype": .string, "executornames": .strings, "dependencies": .strings,
    "locationname": .string, "nodes": count, "cpu": .string, "processes": count, "processespernode": count,
    "storage": .string, "walltime": count,
    "gpu": .object(["name": .string, "mem": .string, "count": count, "nodecount": count]),
  ]

  /// Fields of one API that the other cannot express. A type, a command's name, cores and memory are
  /// translated; these would be lost, and with them what the user asked for.
  private static func inexpressible(in api: API) -> [String] {
    switch api {
    case .runtime:
      [
        "kwargs", "priority", "maxwaittime", "label", "fs", "channels", "conditions.executornames",
        "conditions.dependencies", "conditions.locationname", "conditions.nodes", "conditions.processes",
        "conditions.processespernode", "conditions.storage", "conditions.gpu.name", "conditions.gpu.mem",
      ]
    case .executor: ["image", "volumes", "ports", "conditions.runtimeids"]
    }
  }

  /// The spec for a server of an API, in the colony that the file or else the caller names.
  func spec(_ api: API, colony: ColonyReference) throws -> ProcessSpec {
    let fields = try file.fields(Self.shape)
    let conditions = fields["conditions"]?.object ?? JSONObject()
    var problems = contradictions(conditions) + Self.lost(fields, api)
    if api == .runtime {
      for (index, argument) in (fields["args"]?.array ?? []).enumerated() where argument.string == nil {
        problems.append(
          "args[\(index)]: expected a string, found \(argument.shown); the runtime API has no other")
      }
    }
    try file.refuse(problems)

    let reader = try JSONReader(.object(Self.translated(fields, conditions)), structure: "FunctionSpec")
    var spec = try ProcessSpec(reader, api: .executor)
    spec.conditions.colonyID = conditions["colonyid"]?.string ?? ""
    if spec.conditions.colonyID.isEmpty { spec.conditions.colonyID = colony.id }
    if spec.conditions.colonyName.isEmpty { spec.conditions.colonyName = colony.name }
    spec.conditions.executorIDs = conditions["runtimeids"]?.strings ?? []
    spec.image = try reader.string("image")
    spec.command = try reader.first("cmd", "funcname")
    spec.functionName = try reader.first("funcname", "cmd")
    spec.volumes = try reader.strings("volumes")
    spec.ports = try reader.strings("ports")
    spec.timeout = try reader.optionalInt("timeout")
    // Servers take a limit of 0 for one that is over at once.
    spec.maxExecutionTime = spec.lease ?? -1
    if spec.maxWaitTime == 0 { spec.maxWaitTime = -1 }
    return spec
  }

  private func contradictions(_ conditions: JSONObject) -> [String] {
    var problems: [String] = []
    let types = [conditions["runtimetype"]?.string ?? "", conditions["executortype"]?.string ?? ""]
      .filter { !$0.isEmpty }
    if types.isEmpty {
      problems.append("conditions.runtimetype (or executortype): missing; no worker would take the process")
    } else if Set(types).count > 1 {
      problems.append("conditions: runtimetype is \"\(types[0])\", but executortype is \"\(types[1])\"")
    }
    if let cpu = conditions["cpu"]?.string, !cpu.isEmpty {
      // Servers read a number without its m as no demand at all.
      if !cpu.hasSuffix("m") || (try? ResourceQuantity.milliCPU(cpu)) == nil {
        problems.append("conditions.cpu: expected thousandths of a core, as \"1500m\", found \"\(cpu)\"")
      }
      if conditions["cores"]?.int ?? 0 != 0 {
        problems.append("conditions: cpu and cores say the same; keep one")
      }
    }
    for field in ["mem", "storage"] {
      if let text = conditions[field]?.string, (try? ResourceQuantity.mebibytes(text)) == nil {
        problems.append("conditions.\(field): expected a size with its unit, as \"512Mi\", found \"\(text)\"")
      }
    }
    return problems
  }

  private static func lost(_ fields: JSONObject, _ api: API) -> [String] {
    inexpressible(in: api).filter { path in
      let names = path.split(separator: ".").map(String.init)
      let value = names.reduce(JSONValue.object(fields)) { $0[$1] ?? .null }
      return value.isDemand
    }.map { "\($0): servers of the \(api.rawValue) API do not know this field" }
  }

  /// The fields as a function spec has them.
  private static func translated(_ fields: JSONObject, _ conditions: JSONObject) -> JSONObject {
    var translated = conditions
    if let type = conditions["runtimetype"]?.string, !type.isEmpty {
      translated.append("executortype", .string(type))
    }
    if let memory = conditions["mem"]?.int {
      translated.append("mem", memory == 0 ? "" : .string(ResourceQuantity.memoryText(mebibytes: memory)))
    }
    if let cores = conditions["cores"]?.int, cores > 0 {
      translated.append("cpu", .string("\(cores)000m"))
    }
    if let count = conditions["gpus"]?.int, count > 0, conditions["gpu"]?["count"]?.int ?? 0 == 0 {
      var gpu = conditions["gpu"]?.object ?? JSONObject()
      gpu.append("count", .integer(count))
      translated.append("gpu", .object(gpu))
    }
    var result = fields
    result.append("conditions", .object(translated))
    return result
  }
}

extension JSONValue {
  /// Whether the value asks for something: one that is empty means the same as none.
  fileprivate var isDemand: Bool {
    switch self {
    case .null, .string(""), .bool(false), .array([]): false
    case .number: int.map { $0 > 0 || $0 < -1 } ?? true
    case .object(let object): object.members.contains { $0.value.isDemand }
    default: true
    }
  }

  fileprivate var strings: [String] { array?.compactMap(\.string) ?? [] }
}
