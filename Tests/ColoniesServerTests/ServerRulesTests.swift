import Colonies
import GRDB
import JSON
import Testing

@testable import ColoniesServer

@Suite("The server's rules", .timeLimit(.minutes(10)))
struct ServerRulesTests {
  // MARK: Leases

  @Test("an attempt ends with its lease", arguments: API.allCases)
  func lease(api: API) async throws {
    let server = try await TestServer()
    let worker = try await TestColony(server).worker("w", api: api)
    let id = try await worker.submit(lease: 10, retries: 1).id
    let assigned = try await worker.assign()
    #expect(assigned.executionDeadline == assigned.startTime.map { $0 + .seconds(10) })
    await server.advance(.seconds(9))
    #expect(try await worker.get(id).state == .running)
    await server.advance(.seconds(2))
    let requeued = try await worker.get(id)
    #expect(requeued.state == .waiting && requeued.retries == 1 && !requeued.isAssigned)
    await #expect(throws: Refusal.self) { try await worker.close(id) }
    _ = try await worker.assign()
    await server.advance(.seconds(11))
    let failed = try await worker.get(id)
    #expect(failed.state == .failed)
    if api == .executor { #expect(failed.errors == ["Maximum execution time limit exceeded"]) }
    await server.stop()
  }

  @Test func theSeedDaysTimeoutIsALease() async throws {
    let server = try await TestServer()
    let worker = try await TestColony(server).worker("w", api: .runtime)
    let id = try await worker.submit(lease: 0) { $0.timeout = 5 }.id
    _ = try await worker.assign()
    await server.advance(.seconds(6))
    #expect(try await worker.get(id).state == .waiting)
    await server.stop()
  }

  @Test("no lease is no limit", arguments: API.allCases, [0, -1, -2])
  func noLease(api: API, seconds: Int) async throws {
    let server = try await TestServer()
    let worker = try await TestColony(server).worker("w", api: api)
    let id = try await worker.submit(lease: seconds).id
    _ = try await worker.assign()
    await server.advance(.seconds(300))
    try await worker.close(id)
    #expect(try await worker.get(id).state == .successful)
    await server.stop()
  }

  @Test func waitingHasALimitToo() async throws {
    let server = try await TestServer()
    let worker = try await TestColony(server).worker("w")
    let id = try await worker.submit(maxWait: 5).id
    await server.advance(.seconds(6))
    let failed = try await worker.get(id)
    #expect(failed.state == .failed && failed.errors == ["Maximum waiting time limit exceeded"])
    await server.stop()
  }

  // MARK: Closing

  @Test("a close that is repeated changes nothing", arguments: API.allCases)
  func closeTwice(api: API) async throws {
    let server = try await TestServer()
    let worker = try await TestColony(server).worker("w", api: api)
    let id = try await worker.submit().id
    _ = try await worker.assign()
    try await worker.close(id, output: ["first"])
    let closed = try await worker.get(id)
    await server.advance(.seconds(5))
    try await worker.close(id, output: ["second"])
    #expect(try await worker.get(id) == closed)
    await #expect(throws: Refusal(status: 400, message: "Tried to set successful process as failed")) {
      try await worker.fail(id)
    }
    #expect(try await worker.get(id) == closed)
    await server.stop()
  }

  @Test func onlyTheHolderCloses() async throws {
    let server = try await TestServer()
    let colony = try await TestColony(server)
    let holder = try await colony.worker("holder")
    let other = try await colony.worker("other")
    let id = try await holder.submit().id
    _ = try await holder.assign()
    await #expect(throws: Refusal.self) { try await other.close(id) }
    await #expect(throws: Refusal.self) { try await other.add("k", "v", to: id) }
    try await holder.close(id)
    await #expect(throws: Refusal.self) { try await other.close(id) }
    await server.stop()
  }

  // MARK: Workers that go away

  @Test("removing a worker puts its processes back at once", arguments: API.allCases)
  func removal(api: API) async throws {
    let server = try await TestServer()
    let colony = try await TestColony(server)
    let gone = try await colony.worker("gone", api: api)
    let next = try await colony.worker("next")
    let id = try await gone.submit(lease: 3600).id
    _ = try await gone.assign()
    let taken = Task { try await next.assign(timeout: 60) }
    try await waiters(server, 1)
    try await server.send(.removeExecutor(gone.reference), api, colony.owner)
    let process = try await taken.value
    #expect(process.id == id)
    #expect(process.retries == 0)
    await #expect(throws: Refusal.self) { try await gone.close(id) }
    try await next.close(id)
    await server.stop()
  }

  @Test func aSilentWorkerIsRemoved() async throws {
    let server = try await TestServer()
    let colony = try await TestColony(server)
    let silent = try await colony.worker("silent")
    let watcher = try await colony.worker("watcher", type: "other")
    let id = try await silent.submit().id
    _ = try await silent.assign()
    await server.advance(.seconds(590))
    #expect(try await watcher.get(id).state == .running)
    await server.advance(.seconds(70))
    #expect(try await watcher.get(id).state == .waiting)
    #expect(try await colony.statistics().unregisteredExecutors == 1)
    await server.stop()
  }

  @Test func aHeartbeatKeepsAWorkerAndTakesNothing() async throws {
    let server = try await TestServer()
    let worker = try await TestColony(server).worker("busy")
    let id = try await worker.submit().id
    _ = try await worker.assign()
    try await worker.submit()
    for _ in 0..<20 {
      await server.advance(.seconds(60))
      await #expect(throws: Refusal(status: 404, message: "No process available for assignment")) {
        _ = try await worker.assign(cpu: "-1m")
      }
    }
    #expect(try await worker.get(id).state == .running)
    try await worker.close(id)
    await server.stop()
  }

  // MARK: Long polls

  @Test func aSubmitWakesOneWorker() async throws {
    let server = try await TestServer()
    let colony = try await TestColony(server)
    let workers = [try await colony.worker("a"), try await colony.worker("b")]
    let client = try await colony.worker("client", type: "cli")
    let polls = workers.map { worker in Task { try await worker.assign(timeout: 60) } }
    try await waiters(server, 2)
    let first = try await client.submit().id
    #expect(await server.engine.waiters.values.joined().count == 1)
    let second = try await client.submit().id
    let taken = [try await polls[0].value.id, try await polls[1].value.id]
    #expect(Set(taken) == [first, second])
    await server.stop()
  }

  @Test func aPollEndsWithItsTime() async throws {
    let server = try await TestServer()
    let worker = try await TestColony(server).worker("w")
    let poll = Task { try await worker.assign(timeout: 10) }
    try await waiters(server, 1)
    await server.advance(.seconds(11))
    await #expect(throws: Refusal(status: 404, message: "No process available for assignment")) {
      try await poll.value
    }
    await server.stop()
  }

  @Test func aPollOfAnotherColonyTakesNothing() async throws {
    let server = try await TestServer()
    let colony = try await TestColony(server)
    let other = try await TestColony(server, name: "other")
    let stranger = try await other.worker("w")
    let worker = try await colony.worker("w")
    let strangersPoll = Task { try await stranger.assign(timeout: 60) }
    try await waiters(server, 1)
    let poll = Task { try await worker.assign(timeout: 60) }
    try await waiters(server, 2)
    let id = try await worker.submit().id
    #expect(try await poll.value.id == id)
    #expect(await server.engine.waiters.values.joined().count == 1)
    await server.engine.drain()
    await #expect(throws: Refusal.self) { try await strangersPoll.value }
    await server.stop()
  }

  @Test func aWorkerThatWentAwayIsNotGivenWork() async throws {
    let server = try await TestServer()
    let worker = try await TestColony(server).worker("w")
    let poll = Task { try await worker.assign(timeout: 60) }
    try await waiters(server, 1)
    poll.cancel()
    await #expect(throws: Refusal.self) { try await poll.value }
    let id = try await worker.submit().id
    #expect(try await worker.get(id).state == .waiting)
    await server.stop()
  }

  @Test func anUndeliveredAssignmentGoesBack() async throws {
    let server = try await TestServer()
    let worker = try await TestColony(server).worker("w")
    let id = try await worker.submit(retries: 0).id
    _ = try await worker.assign()
    await server.engine.release(Reply.Grant(processID: id, attempt: 1))
    let released = try await worker.assign()
    #expect(released.id == id && released.retries == 0)
    // A late release of the first attempt leaves the second alone.
    await server.engine.release(Reply.Grant(processID: id, attempt: 1))
    try await worker.close(id)
    await server.stop()
  }

  // MARK: Matching

  @Test(
    "what a process demands is compared with what a runtime has",
    arguments: [(1, 1000, 0, true), (2, 0, 0, false), (0, 1001, 0, false), (0, 0, 1, false), (0, 0, 0, true)])
  func resources(cores: Int, memory: Int, gpus: Int, fits: Bool) async throws {
    let server = try await TestServer()
    let worker = try await TestColony(server).worker("w", api: .runtime, cores: 1, memory: 1000)
    try await worker.submit { spec in
      spec.conditions.cpu = cores == 0 ? "" : "\(cores * 1000)m"
      spec.conditions.memory = memory == 0 ? "" : "\(memory)Mi"
      spec.conditions.gpu.count = gpus
    }
    if fits {
      _ = try await worker.assign()
    } else {
      await #expect(throws: Refusal(status: 400, message: "No processes can be selected")) {
        _ = try await worker.assign()
      }
    }
    await server.stop()
  }

  @Test func oneQueueServesBothAPIs() async throws {
    let server = try await TestServer()
    let colony = try await TestColony(server)
    let old = try await colony.worker("old", api: .runtime)
    let new = try await colony.worker("new")
    let fromOld = try await old.submit().id
    let fromNew = try await new.submit().id
    let taken = try await new.assign()
    #expect(taken.id == fromOld && taken.spec.environment == ["fibonacciNum": "10"])
    #expect(try await old.assign().id == fromNew)
    try await new.add("result", "55", to: fromOld)
    try await new.close(fromOld)
    let seen = try await old.get(fromOld)
    #expect(seen.attributes.map(\.key) == ["fibonacciNum", "result"])
    #expect(seen.attributes.map(\.kind) == [.environment, .output])
    #expect(try await colony.statistics(.runtime).successful == 1)
    await server.stop()
  }

  @Test func priorityComesBeforeAge() async throws {
    let server = try await TestServer()
    let worker = try await TestColony(server).worker("w")
    var ids: [Int: String] = [:]
    for priority in [0, 10, -1, 1] { ids[priority] = try await worker.submit(priority: priority).id }
    for priority in [10, 1, 0, -1] { #expect(try await worker.assign().id == ids[priority]) }
    await server.stop()
  }

  // MARK: Limits and durability

  @Test func aFullQueueRefuses() async throws {
    var limits = ServerLimits()
    limits.liveProcesses = 2
    let server = try await TestServer(limits: limits)
    let worker = try await TestColony(server).worker("w")
    try await worker.submit()
    let second = try await worker.submit().id
    await #expect {
      try await worker.submit()
    } throws: { ($0 as? Refusal)?.status == 503 }
    try await server.send(.removeProcess(id: second), .executor, worker.key)
    try await worker.submit()
    await server.stop()
  }

  @Test func theOldestFinishedAreForgotten() async throws {
    var limits = ServerLimits()
    limits.endedProcesses = 3
    let server = try await TestServer(limits: limits)
    let colony = try await TestColony(server)
    let worker = try await colony.worker("w")
    var ids: [String] = []
    for _ in 0..<5 {
      ids.append(try await worker.submit().id)
      let assigned = try await worker.assign().id
      try await worker.close(assigned)
    }
    await server.advance(.seconds(61))
    // What was enqueued is committed before this returns.
    try await server.engine.commit([])
    await #expect(throws: Refusal.self) { try await worker.get(ids[1]) }
    #expect(try await worker.get(ids[2]).state == .successful)
    await server.stop()
  }

  @Test("each identity has its own rate")
  func rate() async throws {
    var limits = ServerLimits()
    limits.requestsPerSecond = 5
    let server = try await TestServer(limits: limits)
    let colony = try await TestColony(server)
    for _ in 0..<4 { _ = try await colony.statistics() }
    await #expect {
      for _ in 0..<4 { _ = try await colony.statistics() }
    } throws: { ($0 as? Refusal)?.status == 429 }
    _ = try await server.send(.getStatistics, .executor, TestServer.serverKey)
    await server.advance(.seconds(1))
    _ = try await colony.statistics()
    await server.stop()
  }

  @Test func everythingIsThereAfterARestart() async throws {
    let first = try await TestServer()
    let colony = try await TestColony(first)
    let worker = try await colony.worker("w")
    let waiting = try await worker.submit(type: "nobody").id
    let running = try await worker.submit(lease: 60).id
    _ = try await worker.assign()
    let closed = try await worker.submit().id
    let assigned = try await worker.assign().id
    #expect(assigned == closed)
    try await worker.add("result", "55", to: closed)
    try await worker.close(closed, output: ["55"])
    let before = [try await worker.get(waiting), try await worker.get(running), try await worker.get(closed)]
    let statistics = try await colony.statistics()
    await first.engine.stop()

    let second = try await TestServer(directory: first.directory)
    let again = TestWorker(
      colony: TestColony(colony, on: second), key: worker.key, name: worker.name, api: .executor)
    #expect(
      [try await again.get(waiting), try await again.get(running), try await again.get(closed)] == before)
    #expect(try await again.colony.statistics() == statistics)
    await second.advance(.seconds(61))
    #expect(try await again.get(running).state == .failed)
    await second.stop()
  }

  @Test func aCommitThatFailsIsNeverAcknowledged() async throws {
    let server = try await TestServer()
    let colony = try await TestColony(server)
    let worker = try await colony.worker("w")
    try await worker.submit()
    try await failACommit(of: worker, on: server)
    // Back to what is on disk: one process, not two.
    #expect(try await colony.statistics().waiting == 1)
    try await worker.submit()
    #expect(try await colony.statistics().waiting == 2)
    await server.stop()
  }

  @Test("after a failed commit what became due meanwhile happens, and who waits asks again")
  func dueDuringRecovery() async throws {
    let server = try await TestServer()
    let colony = try await TestColony(server)
    let worker = try await colony.worker("w")
    let id = try await worker.submit(lease: 10).id
    _ = try await worker.assign()
    let other = try await colony.worker("other", type: "other")
    let poll = Task { try await other.assign(timeout: 50) }
    try await waiters(server, 1)
    // Without the engine's timer.
    server.clock.advance(.seconds(11))
    try await failACommit(of: worker, on: server)
    await #expect(throws: Refusal(status: 404, message: "No process available for assignment")) {
      try await poll.value
    }
    // Behind what was entered when the lease ended, which was the only one.
    try await server.engine.commit([])
    #expect(try await worker.get(id).state == .failed)
    await server.stop()
  }

  /// Returns when a submission could not be stored and the server answers again.
  private func failACommit(of worker: TestWorker, on server: TestServer) async throws {
    // Another process that keeps the database to itself.
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    // The server may still be at its last commit.
    configuration.busyMode = .timeout(60)
    let intruder = try DatabaseQueue(
      path: server.directory + "/colonies.sqlite", configuration: configuration)
    try await intruder.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
    await #expect(throws: Refusal(status: 500, message: "The server could not store or read the change")) {
      try await worker.submit()
    }
    try await intruder.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
    try intruder.close()
    while await !server.engine.isServing {
      try Task.checkCancellation()
      await Task.yield()
    }
  }

  /// Returns when this many long polls are open.
  private func waiters(_ server: TestServer, _ count: Int) async throws {
    while await server.engine.waiters.values.joined().count != count {
      try Task.checkCancellation()
      await Task.yield()
    }
  }
}

extension TestColony {
  /// The same colony on another server.
  fileprivate init(_ other: TestColony, on server: TestServer) {
    self.server = server
    name = other.name
    owner = other.owner
  }
}
