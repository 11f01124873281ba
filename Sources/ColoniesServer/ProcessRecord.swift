internal import Colonies

/// A process as the store keeps it: everything about it, with the API in whose words its spec was given.
struct ProcessRecord: Sendable {
  var live: LiveProcess
  var api: API
  /// The process as it was submitted. Its state is in `live`.
  var process: Process
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
