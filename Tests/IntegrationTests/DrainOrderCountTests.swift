import Colonies
import ColoniesClient
import HTTPTransport
import TestSupport
import Testing

@testable import AutoscalerController

/// What the autoscaler's reader says about a queue with drain orders in it, of a real server, in both APIs.
@Suite("Drain orders are no work", .timeLimit(.minutes(10)))
struct DrainOrderCountTests {
  /// A colony whose first worker's key the reader has.
  private struct Scene {
    let served: ServedColony
    let api: API

    init(_ api: API) async throws {
      self.api = api
      served = try await ServedColony(api)
      served.directory.write(served.colony.workers[0].hexadecimal, to: "member.key")
      served.directory.write(served.colony.key.hexadecimal, to: "owner.key")
    }

    var owner: KeySource { .file(served.directory.file("owner.key")) }

    /// - Parameter transport: What stands between it and the server.
    func reader(_ transport: (any HTTPClient)? = nil) -> ColoniesQueueReader {
      let address = QueueAddress(
        server: ServerConfiguration(
          name: "test", endpoint: served.endpoint, deadline: .seconds(5)),
        colony: served.colony.reference, credentials: .file(served.directory.file("member.key")))
      let client =
        transport.map { ColoniesClient(endpoint: served.endpoint, transport: $0, api: api) } ?? served.client
      return ColoniesQueueReader(address, metrics: .none) { _ in client }
    }

    func address(_ index: Int) -> WorkerAddress {
      WorkerAddress(
        name: "worker-\(index)", id: served.colony.workers[index].id, executorType: TestColony.workerType)
    }

    let types: Set<String> = [TestColony.workerType]
  }

  @Test(
    "they count neither while they wait, nor while they are held, nor after",
    arguments: [API.runtime, .executor])
  func counts(_ api: API) async throws {
    let scene = try await Scene(api)
    let reader = scene.reader()
    _ = try await scene.served.submit()
    _ = try await scene.served.assign(0)
    let id = try await reader.order(scene.address(1))
    #expect(try await scene.served.statistics.waiting == 1)
    let work = QueueCounts(waiting: 0, running: 1, finished: 0)
    #expect(try await reader.counts(orderedTypes: scene.types) == work)
    #expect(try await reader.standing(ofOrder: id) == .waiting)

    let taken = try await scene.served.assign(1)
    #expect(taken.id == id && DrainOrder.isDrain(taken))
    #expect(try await scene.served.statistics.running == 2)
    #expect(try await reader.counts(orderedTypes: scene.types) == work)
    let holder = scene.served.colony.workers[1].id
    #expect(try await reader.standing(ofOrder: id) == .held(by: holder))
    let running = try await reader.processes(.running, executorType: TestColony.workerType)
    #expect(running.count == 1 && running.executors == [scene.served.colony.workers[0].id])
    #expect(running.orders.map(\.id) == [id] && running.orders.map(\.standing) == [.held(by: holder)])
    #expect(running.orders.first?.addressee == (api == .runtime ? holder : "worker-1"))
    #expect(running.isComplete)

    try await reader.withdraw(order: id)
    #expect(try await reader.standing(ofOrder: id) == .ended)
    let after = try await reader.counts(orderedTypes: scene.types)
    #expect(after.waiting == 0 && after.running == 1)
    #expect(await reader.openOrders().isEmpty)
    // Nothing happens to one that has ended.
    try await reader.withdraw(order: id)
  }

  @Test(
    "one that comes, is taken back or ends while the server counts does not count",
    arguments: [API.runtime, .executor])
  func meanwhile(_ api: API) async throws {
    let scene = try await Scene(api)
    let counting = CountingMoment(scene.served.transport)
    let reader = scene.reader(counting)
    _ = try await scene.served.submit()
    _ = try await scene.served.assign(0)
    let work = QueueCounts(waiting: 0, running: 1, finished: 0)
    _ = try await reader.counts(orderedTypes: scene.types)

    let id = try await reader.order(scene.address(1))
    counting.after { try await reader.withdraw(order: id) }
    let taken = try await reader.counts(orderedTypes: scene.types)
    #expect(taken.waiting == work.waiting && taken.running == work.running)

    counting.before { _ = try await reader.order(scene.address(1)) }
    let given = try await reader.counts(orderedTypes: scene.types)
    #expect(given.waiting == work.waiting && given.running == work.running)

    let held = try await scene.served.assign(1)
    #expect(DrainOrder.isDrain(held))
    counting.after {
      try await scene.served.client.closeSuccessful(id: held.id, key: scene.served.colony.workers[1])
    }
    let closed = try await reader.counts(orderedTypes: scene.types)
    #expect(closed.waiting == work.waiting && closed.running == work.running)
    #expect(await reader.openOrders().isEmpty)
    #expect(counting.isDone)
  }

  @Test("a controller that begins finds those of the one before it", arguments: [API.runtime, .executor])
  func found(_ api: API) async throws {
    let scene = try await Scene(api)
    let first = scene.reader()
    let ids = [try await first.order(scene.address(0)), try await first.order(scene.address(1))]
    _ = try await scene.served.assign(0)
    _ = try await scene.served.submit()
    let second = scene.reader()
    let counts = try await second.counts(orderedTypes: scene.types)
    #expect(counts.waiting == 1 && counts.running == 0)
    #expect(await second.openOrders() == Set(ids))
    // Who gives no orders does not look for any.
    let stranger = scene.reader()
    #expect(try await stranger.counts(orderedTypes: []).waiting == 2)
  }

  @Test("it can be asked of one worker whether it holds work", arguments: [API.runtime, .executor])
  func holdsWork(_ api: API) async throws {
    let scene = try await Scene(api)
    let reader = scene.reader()
    _ = try await scene.served.submit()
    let process = try await scene.served.assign(0)
    _ = try await reader.order(scene.address(1))
    _ = try await scene.served.assign(1)
    let workers = try await reader.workers(executorType: TestColony.workerType)
    #expect(workers.count == 2)
    for worker in workers {
      #expect(try await reader.holdsWork(worker) == (worker.name == "worker-0"))
    }
    try await scene.served.client.closeSuccessful(id: process.id, key: scene.served.colony.workers[0])
    let busy = try #require(workers.first { $0.name == "worker-0" })
    #expect(try await !reader.holdsWork(busy))
    let ended = try await reader.processes(.successful, executorType: TestColony.workerType)
    #expect(ended.lastEnds.keys.map { $0 } == [busy.id])
  }

  @Test("an order reaches a worker before it registers, where its address is a name")
  func unregistered() async throws {
    let scene = try await Scene(.executor)
    let reader = scene.reader()
    #expect(try await reader.reachesUnregistered())
    _ = try await scene.served.submit()
    let address = WorkerAddress(name: "pod-1", id: "", executorType: TestColony.workerType)
    let id = try await reader.order(address)
    let key = PrivateKey()
    let colony = scene.served.colony
    let worker = Executor(
      id: key.id, type: TestColony.workerType, name: "pod-1", colonyName: colony.reference.name)
    _ = try await scene.served.client.addExecutor(worker, key: colony.key)
    try await reader.approve(worker, owner: scene.owner)
    let first = try await scene.served.client.assign(colony: colony.reference, key: key)
    #expect(first.id == id, "ahead of work that was submitted before")
    let old = try await Scene(.runtime)
    #expect(try await !old.reader().reachesUnregistered())
  }

  @Test(
    "the owner's key rejects, approves and unregisters; a worker's does not",
    arguments: [API.runtime, .executor])
  func owner(_ api: API) async throws {
    let scene = try await Scene(api)
    let reader = scene.reader()
    func worker() async throws -> Executor {
      try #require(
        try await reader.workers(executorType: TestColony.workerType).first { $0.name == "worker-1" })
    }
    let before = try await worker()
    try await reader.reject(before, owner: scene.owner)
    #expect(try await worker().state == .rejected)
    try await reader.approve(before, owner: scene.owner)
    #expect(try await worker().state == .approved)
    let member = KeySource.file(scene.served.directory.file("member.key"))
    await #expect(throws: ColoniesError.self) { try await reader.reject(before, owner: member) }
    try await reader.unregister(before, owner: scene.owner)
    let after = try await reader.workers(executorType: TestColony.workerType)
      .filter { $0.state != .unregistered }
    #expect(after.map(\.name) == ["worker-0"])
  }
}
