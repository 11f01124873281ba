internal import Colonies
internal import JSON

/// Reads the files that describe a worker, in either API's words.
enum ExecutorSpec {
  private static let shape = SpecShape.object([
    "name": .string, "executorname": .string, "runtimetype": .string, "executortype": .string,
    "colonyid": .string, "colonyname": .string, "cpu": .string, "cores": .integer(0 ... .max),
    "mem": .integer(0 ... .max), "gpu": .string, "gpus": .integer(0 ... .max), "locationname": .string,
    "requirefuncreg": .bool, "capabilities": .members, "allocations": .members,
  ])

  /// The worker; its id is empty.
  static func executor(_ file: SpecFile) throws -> Executor {
    let fields = try file.fields(shape)
    let reader = try JSONReader(.object(fields), structure: "Executor")
    let name = try reader.first("name", "executorname")
    let type = try reader.first("runtimetype", "executortype")
    var problems: [String] = []
    if name.isEmpty { problems.append("name (or executorname): missing") }
    if type.isEmpty { problems.append("runtimetype (or executortype): missing") }
    try file.refuse(problems)
    return Executor(
      id: "", type: type, name: name, colonyID: try reader.string("colonyid"),
      colonyName: try reader.string("colonyname"), cpu: try reader.string("cpu"),
      cores: try reader.int("cores"), memory: try reader.int("mem"), gpu: try reader.string("gpu"),
      gpus: try reader.int("gpus"), requiresFunctionRegistration: try reader.bool("requirefuncreg"),
      locationName: reader["locationname"]?.string,
      capabilities: reader["capabilities"] ?? Executor.noCapabilities,
      allocations: reader["allocations"] ?? Executor.noAllocations)
  }
}

extension JSONReader {
  /// The text of a field that has two names.
  func first(_ name: String, _ other: String) throws -> String {
    let text = try string(name)
    return text.isEmpty ? try string(other) : text
  }
}
