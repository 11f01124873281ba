import Colonies
import JSON

/// One server's measurement: a colony with workers, and loads of increasing width.
struct Benchmark {
  /// What is measured.
  enum Operation: String, CaseIterable {
    /// A signed request that only reads a few numbers in memory.
    case plain
    case submit
    /// Assign and close.
    case pair

    /// How many requests one operation is.
    var requests: Int { self == .pair ? 2 : 1 }
  }

  /// One measured load.
  struct Measurement {
    let operation: Operation
    let clients: Int
    let round: Int
    let result: LoadResult
  }

  private let loop: LoadLoop
  private let colony: ColonyReference
  private let workers: [PrivateKey]
  private var done = 0

  /// Registers a colony and its workers.
  init(loop: LoadLoop, serverKey: PrivateKey, workers count: Int) throws {
    self.loop = loop
    let key = PrivateKey()
    colony = ColonyReference(id: key.id, name: "bench")
    workers = (0..<count).map { _ in PrivateKey() }
    var requests = [Wire.request(.addColony(Colony(id: key.id, name: colony.name)), key: serverKey)]
    for (index, worker) in workers.enumerated() {
      let executor = Executor(
        id: worker.id, type: "bench", name: "worker-\(index)", colonyName: colony.name)
      requests.append(Wire.request(.addExecutor(executor), key: key))
      requests.append(
        Wire.request(.approveExecutor(ExecutorReference(name: executor.name, colony: colony)), key: key))
    }
    try sequence(requests)
  }

  /// Measures each operation with a number of clients at once.
  /// - Throws: `LoadFailure` when a request fails, or when a process was given out twice or not at all.
  mutating func measure(clients: Int, operations: Int, round: Int) throws -> [Measurement] {
    let keys = workers[..<clients]
    var plain = keys.map { key in
      PlainClient(
        request: Wire.request(.getColonyStatistics(colony), key: key), remaining: operations / clients)
    }
    let requests = (0..<operations).map { Wire.request(.submit(spec($0)), key: keys[$0 % clients]) }
    var submitters = keys.indices.map { index in
      SubmitClient(requests: stride(from: index, to: operations, by: clients).map { requests[$0] }[...])
    }
    var closers = keys.map { WorkClient(colony: colony, key: $0) }
    let results: [(Operation, LoadResult)] = [
      (.plain, try loop.run(&plain)), (.submit, try loop.run(&submitters)), (.pair, try loop.run(&closers)),
    ]
    try check(submitted: submitters.flatMap(\.ids), closed: closers.flatMap(\.ids))
    return results.map { Measurement(operation: $0, clients: clients, round: round, result: $1) }
  }

  private mutating func check(submitted: [String], closed: [String]) throws {
    guard Set(closed).count == closed.count else { throw LoadFailure("a process was given to two workers") }
    guard Set(submitted) == Set(closed), submitted.count == closed.count else {
      throw LoadFailure("\(submitted.count) processes were submitted, and \(closed.count) were closed")
    }
    done += closed.count
    let answer = try ReplyEnvelope(
      parsing: sequence([Wire.request(.getColonyStatistics(colony), key: workers[0])]))
    let reader = try JSONReader(try JSONValue(parsing: answer.message), structure: "statistics")
    let statistics = try Statistics(reader, api: .executor)
    guard statistics.successful == done, statistics.waiting == 0, statistics.running == 0 else {
      throw LoadFailure("the server counts \(statistics), and \(done) processes were closed")
    }
  }

  /// The spec of upstream's own measurements: one environment entry and a long lease.
  private func spec(_ index: Int) -> ProcessSpec {
    ProcessSpec(
      conditions: .init(colonyName: colony.name, executorType: "bench"), environment: ["index": "\(index)"],
      maxExecutionTime: 600, functionName: "bench")
  }

  @discardableResult private func sequence(_ requests: [[UInt8]]) throws -> [UInt8] {
    var client = [SequentialClient(requests: requests[...])]
    _ = try loop.run(&client)
    return client[0].lastAnswer
  }
}
