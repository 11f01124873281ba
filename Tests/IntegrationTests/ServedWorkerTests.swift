import Colonies
import ColoniesClient
import ColoniesWorker
import HTTPTransport
import JSON
import Locking
import Logging
import TestSupport
import Testing

/// The worker library and a real server: what they promise each other beside the work itself.
@Suite("A worker and a real server", .timeLimit(.minutes(10)), .serialized)
struct ServedWorkerTests {
  /// A worker in this process, until the test's body has ended.
  private func withWorker(
    _ served: ServedColony, grace: Duration = .seconds(30),
    unfinished: WorkerConfiguration.Unfinished = .release, cordoned: Latch = Latch(),
    handler: @escaping Worker.Handler,
    _ body: (_ worker: Executor, _ stop: @escaping () -> Void) async throws -> Void
  ) async throws {
    let transport = try HTTPTransport()
    defer { transport.shutdown() }
    var configuration = WorkerConfiguration(
      endpoint: served.endpoint, api: served.colony.api, colony: served.colony.reference,
      colonyKey: served.colony.key, executorType: TestColony.workerType, name: "library", grace: grace)
    configuration.unfinished = unfinished
    let client = ColoniesClient(
      endpoint: served.endpoint, transport: transport, api: served.colony.api)
    let worker = Worker(
      configuration: configuration, client: client,
      logger: Logger(label: "test") { _ in CordonWatch(cordoned: cordoned) },
      handler: handler)
    let (requests, request) = AsyncStream<StopRequest>.makeStream()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await worker.run(until: requests) { _ in } }
      let registered: Executor = try await eventually("the worker is registered") {
        try await workers(of: served).first { $0.name == "library" && $0.state == .approved }
      }
      try await body(registered) { request.yield(.drain) }
      request.yield(.drain)
      try await group.waitForAll()
    }
  }

  private func workers(of served: ServedColony) async throws -> [Executor] {
    try await served.client.executors(of: served.colony.reference, key: served.colony.workers[0])
  }

  private func order(for worker: Executor, _ served: ServedColony) -> ProcessSpec {
    DrainOrder.make(
      for: ExecutorReference(id: worker.id, name: worker.name, colony: served.colony.reference),
      executorType: TestColony.workerType, api: served.colony.api)
  }

  private func state(_ process: Process, is state: ProcessState, _ served: ServedColony) async throws
    -> Process
  {
    try await eventually("\(process.id) is \(state)") {
      let shown = try await served.client.process(id: process.id, key: served.colony.workers[0])
      return shown.state == state ? shown : nil
    }
  }

  @Test(
    "an order to drain is held by its worker alone, which takes nothing until it ends",
    arguments: API.allCases)
  func drainOrder(api: API) async throws {
    let served = try await ServedColony(api, workers: 1)
    try await withWorker(served) { _ in
      ProcessOutput(result: "done")
    } _: { worker, _ in
      let key = served.colony.workers[0]
      let order = try await served.client.submit(order(for: worker, served), key: key)
      #expect(try await state(order, is: .running, served).assignedExecutorID == worker.id)
      // A worker that waited for work would be given the first before the second is submitted.
      var work: [Process] = []
      for number in 0..<20 { work.append(try await served.submit("\(number)")) }
      #expect(try await served.statistics.waiting == work.count)
      let end = Timestamp.now()
      switch api {
      case .runtime: try await served.client.removeProcess(id: order.id, key: key)
      case .executor: try await served.client.cancelProcess(id: order.id, key: key)
      }
      for process in work {
        let done = try await state(process, is: .successful, served)
        #expect(try #require(done.startTime) >= end)
      }
    }
  }

  @Test("a worker that is told to drain closes its order and is gone", arguments: API.allCases)
  func drainsWithOrder(api: API) async throws {
    let served = try await ServedColony(api, workers: 1)
    let cordoned = Latch()
    try await withWorker(served, cordoned: cordoned) { _ in
      ProcessOutput(result: "done")
    } _: { worker, stop in
      let order = try await served.client.submit(order(for: worker, served), key: served.colony.workers[0])
      // The server knows that it gave the order before the worker knows that it was given it.
      await cordoned.wait()
      stop()
      _ = try await state(order, is: .successful, served)
      let _: Bool = try await eventually("the worker is unregistered") {
        try await workers(of: served).allSatisfy { $0.id != worker.id || $0.state == .unregistered }
          ? true : nil
      }
    }
  }

  @Test("what does not end in time is another worker's at once", arguments: API.allCases)
  func released(api: API) async throws {
    let served = try await ServedColony(api, workers: 1)
    let started = Latch()
    try await withWorker(served, grace: .seconds(8)) { _ in
      started.open()
      try await Task.sleep(for: .seconds(3600))
      return ProcessOutput(result: "done")
    } _: { worker, stop in
      let work = try await served.submit()
      await started.wait()
      stop()
      let released = try await state(work, is: .waiting, served)
      #expect(released.retries == 0)
      #expect(try await served.assign(0).id == work.id)
    }
  }

  @Test("what does not end in time has failed with its reason, if the user chose so", arguments: API.allCases)
  func failed(api: API) async throws {
    let served = try await ServedColony(api, workers: 1)
    let started = Latch()
    try await withWorker(served, grace: .seconds(8), unfinished: .fail) { _ in
      started.open()
      try await Task.sleep(for: .seconds(3600))
      return ProcessOutput(result: "done")
    } _: { worker, stop in
      let work = try await served.submit()
      await started.wait()
      stop()
      let shown = try await state(work, is: .failed, served)
      let reasons = shown.errors + shown.attributes.filter { $0.kind == .error }.map(\.value)
      #expect(reasons.count == 1 && reasons[0].contains("WORKER_UNFINISHED=fail"))
    }
  }

  @Test("progress is in the process's log and attributes")
  func progress() async throws {
    let served = try await ServedColony(workers: 1)
    try await withWorker(served) { context in
      context.report("begun")
      try await context.setAttribute("share", to: "50")
      try await context.setAttribute("share", to: "50")
      context.report("half")
      return ProcessOutput(result: "done")
    } _: { worker, _ in
      let work = try await state(try await served.submit(), is: .successful, served)
      #expect(work.attributes.first { $0.key == "share" }?.value == "50")
      let log = try await served.client.logs(
        LogQuery(colony: served.colony.reference, processID: work.id), key: served.colony.workers[0])
      #expect(log.map(\.message).joined(separator: "\n") == "begun\nhalf")
    }
  }
}

/// Notices what a worker says when it holds an order to drain.
private struct CordonWatch: LogHandler {
  let cordoned: Latch
  var logLevel = Logger.Level.notice
  var metadata: Logger.Metadata = [:]
  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }
  func log(event: LogEvent) {
    if "\(event.message)".hasPrefix("cordoned") { cordoned.open() }
  }
}
