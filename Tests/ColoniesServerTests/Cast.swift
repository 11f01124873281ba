import Colonies
import JSON

@testable import ColoniesServer

/// A colony with its owner, in the words of both APIs.
struct TestColony {
  let server: TestServer
  let owner: PrivateKey
  let name: String

  var reference: ColonyReference { ColonyReference(id: owner.id, name: name) }

  init(_ server: TestServer, name: String = "colony") async throws {
    self.server = server
    self.name = name
    owner = PrivateKey()
    try await server.send(.addColony(Colony(id: owner.id, name: name)), .executor, TestServer.serverKey)
  }

  /// Registers and approves a worker.
  func worker(
    _ name: String, type: String = "fib", api: API = .executor, cores: Int = 0, memory: Int = 0,
    gpus: Int = 0, location: String? = nil
  ) async throws -> TestWorker {
    let key = PrivateKey()
    let executor = Executor(
      id: key.id, type: type, name: name, colonyID: owner.id, colonyName: self.name, cores: cores,
      memory: memory, gpus: gpus, locationName: location)
    try await server.send(.addExecutor(executor), api, owner)
    let worker = TestWorker(colony: self, key: key, name: name, api: api)
    try await server.send(.approveExecutor(worker.reference), api, owner)
    return worker
  }

  func statistics(_ api: API = .executor) async throws -> Statistics {
    let json = try await server.send(.getColonyStatistics(reference), api, owner)
    return try Statistics(.init(json, structure: "statistics"), api: api)
  }
}

/// A worker that does what a test tells it.
struct TestWorker {
  let colony: TestColony
  let key: PrivateKey
  let name: String
  let api: API

  var reference: ExecutorReference {
    ExecutorReference(id: key.id, name: name, colony: colony.reference)
  }

  @discardableResult
  func submit(
    type: String = "fib", lease: Int = -1, retries: Int = 0, priority: Int = 0, maxWait: Int = -1,
    _ change: (inout ProcessSpec) -> Void = { _ in }
  ) async throws -> Colonies.Process {
    var spec = ProcessSpec(
      conditions: ProcessSpec.Conditions(
        colonyID: colony.owner.id, colonyName: colony.name, executorType: type),
      environment: ["fibonacciNum": "10"], maxExecutionTime: lease, maxRetries: retries,
      priority: priority, maxWaitTime: maxWait)
    change(&spec)
    return try await colony.server.sendProcess(.submit(spec), api, key)
  }

  func assign(timeout: Int = -1, cpu: String = "", memory: String = "") async throws -> Colonies.Process {
    try await colony.server.sendProcess(
      .assign(
        AssignRequest(
          colony: colony.reference, timeout: timeout, availableCPU: cpu, availableMemory: memory)), api,
      key)
  }

  func get(_ id: String) async throws -> Colonies.Process {
    try await colony.server.sendProcess(.getProcess(id: id), api, key)
  }

  func close(_ id: String, output: [JSONValue]? = nil) async throws {
    try await colony.server.send(.closeSuccessful(id: id, output: output), api, key)
  }

  func fail(_ id: String, errors: [String] = []) async throws {
    try await colony.server.send(.closeFailed(id: id, errors: errors), api, key)
  }

  func add(_ key: String, _ value: String, to id: String) async throws {
    try await colony.server.send(
      .addAttribute(Attribute(processID: id, kind: .output, key: key, value: value)), api, self.key)
  }
}
