internal import Colonies
internal import JSON

/// A process for the store to keep.
struct ProcessRecord: Sendable {
  var live: LiveProcess
  var api: API
  /// The process as it was submitted. Its state is in `live`.
  var process: Process
  /// Its spec's text, in the words of its API.
  var spec: String
}

/// A process as the store keeps it. What is left to do is not done where others wait for the store.
struct StoredProcess: Sendable {
  var live: LiveProcess
  /// The API in whose words the spec was given.
  var api: API
  /// Everything but the spec, and without its colony's name.
  var process: Process
  var spec: String

  /// The whole process in one API's words.
  /// - Throws: When the spec in the database is damaged.
  func json(_ api: API, colony: ColonyReference) throws -> JSONValue {
    var process = process
    for index in process.attributes.indices {
      process.attributes[index].colonyID = colony.id
      process.attributes[index].colonyName = colony.name
    }
    let written = try JSONValue(parsing: spec)
    if api == self.api { return process.json(api, spec: written) }
    var spec = try ProcessSpec(JSONReader(written, structure: "spec"), api: self.api)
    spec.conditions.colonyID = colony.id
    spec.conditions.colonyName = colony.name
    return process.json(api, spec: spec.json(api))
  }
}

/// What the store knows of a process that has ended.
struct EndedProcess: Sendable {
  var id: String
  var sequence: Int64
  var colonyID: String
  var state: ProcessState
  /// Who held it last; empty when nobody ever did, or when it went back to the queue.
  var executorID: String
}

extension LiveProcess {
  /// The queue's view of a new process.
  /// - Throws: `Refusal` when a demand is not a quantity.
  init(submitting process: Process, sequence: Int64, colonyID: String, api: API) throws(Refusal) {
    let spec = process.spec
    let conditions = spec.conditions
    let demand: Demand
    do {
      demand = Demand(
        milliCPU: try ResourceQuantity.milliCPU(conditions.cpu),
        memory: try ResourceQuantity.mebibytes(conditions.memory),
        // Upstream stores a demand for GPUs and compares it in neither API; here the runtime API compares
        // it with what the runtime registered.
        gpus: api == .runtime ? conditions.gpu.count : 0,
        location: conditions.locationName?.lowercased() ?? "")
    } catch {
      throw Refusal(status: 400, message: error.description)
    }
    self.init(
      sequence: sequence, id: process.id, colonyID: colonyID, executorType: conditions.executorType,
      priorityTime: process.priorityTime, demand: demand,
      targets: conditions.executorIDs.map(Target.id) + (conditions.executorNames ?? []).map(Target.name),
      lease: spec.lease, retryLimit: Self.retryLimit(spec, api),
      maxWait: api == .executor && spec.maxWaitTime > 0 ? spec.maxWaitTime : nil,
      waitDeadline: process.waitDeadline)
  }

  /// The two APIs count differently: in the runtime API 0 retries mean no limit, in the executor API none.
  private static func retryLimit(_ spec: ProcessSpec, _ api: API) -> Int? {
    switch api {
    case .runtime: spec.maxRetries > 0 ? spec.maxRetries : nil
    case .executor: spec.maxRetries >= 0 ? spec.maxRetries : nil
    }
  }
}
