import Colonies
import TestSupport
import Testing

@testable import ColoniesServer

@Suite("The queue's rules")
struct QueueMachineTests {
  static let sequences = 10_000
  static let groups = 20

  /// Random commands, given to the machine and to the plain model: every answer and every count must agree.
  @Test("agree with the plain model", arguments: 0..<groups)
  func agreesWithTheModel(group: Int) async {
    for sequence in 0..<Self.sequences / Self.groups {
      // Other tests, which wait for things, share the threads.
      await Task.yield()
      let seed = group * Self.sequences + sequence
      var run = ModelRun(seed: seed)
      for step in 0..<60 {
        let command = run.step()
        if let difference = run.difference {
          Issue.record("seed \(seed), step \(step), \(command): \(difference)")
          return
        }
      }
    }
  }

  @Test func aDeadlineStartsWithTheAssignment() throws {
    var machine = QueueMachine()
    machine.add(.sample(1, lease: 10))
    let now = Timestamp(nanoseconds: 0)
    let assignment = machine.assign(to: .sample("w"), at: now)
    let assigned = try #require(assignment)
    #expect(assigned.assignment?.deadline == now + .seconds(10))
    #expect(machine.nextDeadline == now + .seconds(10))
  }

  @Test func aCloseThatWasAnsweredStands() throws {
    var machine = QueueMachine()
    machine.add(.sample(1, lease: 10))
    let now = Timestamp(nanoseconds: 0)
    _ = machine.assign(to: .sample("w"), at: now)
    _ = try machine.close(id: "p1", by: "w", as: .successful)
    #expect(machine.expire(at: now + .seconds(3600)).isEmpty)
    #expect(machine.counts(colonyID: "c")[.successful] == 1)
    #expect(machine.counts(colonyID: "c")[.waiting] == 0)
  }

  @Test func aLateWorkerCannotCloseALaterAttempt() throws {
    var machine = QueueMachine()
    machine.add(.sample(1, lease: 1))
    let now = Timestamp(nanoseconds: 0)
    _ = machine.assign(to: .sample("late"), at: now)
    _ = machine.expire(at: now + .seconds(2))
    #expect(throws: QueueMachine.CloseRefusal.notAssigned) {
      try machine.close(id: "p1", by: "late", as: .successful)
    }
    _ = machine.assign(to: .sample("next"), at: now + .seconds(3))
    #expect(throws: QueueMachine.CloseRefusal.heldByAnother) {
      try machine.close(id: "p1", by: "late", as: .successful)
    }
    #expect(throws: Never.self) { try machine.close(id: "p1", by: "next", as: .successful) }
  }

  @Test func priorityIsWorthADayOfWaiting() {
    var machine = QueueMachine()
    let day: Int64 = 86_400 * 1_000_000_000
    machine.add(.sample(1, priorityTime: day + 1))
    machine.add(.sample(2, priorityTime: 2 * day - day))
    let first = machine.assign(to: .sample("w"), at: Timestamp(nanoseconds: 0))
    #expect(first?.id == "p2")
  }

  @Test func deadlinesOfEndedProcessesDoNotPileUp() {
    var machine = QueueMachine()
    let now = Timestamp(nanoseconds: 0)
    for index in 0..<20_000 {
      machine.add(.sample(Int64(index), lease: 100_000))
      _ = machine.assign(to: .sample("w"), at: now)
      _ = try? machine.close(id: "p\(index)", by: "w", as: .successful)
    }
    #expect(machine.liveCount == 0)
    #expect(machine.deadlineCount < 3000)
  }

  @Test("positions stay in order", arguments: 0..<20)
  func order(seed: Int) {
    var generator = SplitMix64(seed: seed)
    var order = QueueOrder()
    var plain: [QueuePosition] = []
    for sequence in 0..<2000 {
      if Int.random(in: 0..<3, using: &generator) > 0 || plain.isEmpty {
        let position = QueuePosition(
          priorityTime: Int64.random(in: 0..<500, using: &generator), sequence: Int64(sequence))
        order.insert(position)
        plain.append(position)
        plain.sort()
      } else {
        let index = Int.random(in: 0..<plain.count, using: &generator)
        order.remove(plain.remove(at: index))
      }
      #expect(order.first == plain.first)
      #expect(order.count == plain.count)
    }
    while let first = order.first {
      #expect(first == plain.removeFirst())
      order.remove(first)
    }
    #expect(plain.isEmpty)
  }
}

/// One random history, played on the machine and on the model.
private struct ModelRun {
  private var generator: SplitMix64
  private var machine = QueueMachine()
  private var model = ReferenceQueue()
  private var now = Timestamp(nanoseconds: 1_000_000_000_000)
  private var sequence: Int64 = 0
  private(set) var difference: String?

  private static let colonies = ["c1", "c2"]
  private static let workers = ["w1", "w2", "w3"]

  init(seed: Int) { generator = SplitMix64(seed: seed) }

  mutating func step() -> String {
    let command = Int.random(in: 0..<100, using: &generator)
    defer { compareCounts() }
    switch command {
    case 0..<35: return submit()
    case 35..<60: return assign()
    case 60..<72: return close()
    case 72..<76: return release()
    case 76..<80: return releaseAll()
    case 80..<84: return cancel()
    case 84..<88: return remove()
    case 88..<98: return expire()
    case 98: return removeAll()
    default: return restart()
    }
  }

  private mutating func submit() -> String {
    sequence += 1
    let lease = [nil, 1, 3, 10].randomElement(using: &generator) ?? nil
    let retryLimit = [nil, 0, 1, 2].randomElement(using: &generator) ?? nil
    let maxWait = [nil, nil, 2, 20].randomElement(using: &generator) ?? nil
    let targets: [[Target]] = [
      [], [], [], [.name("w1")], [.id("w2")], [.id("w1"), .name("w3")], [.name("nobody")],
    ]
    let process = LiveProcess(
      sequence: sequence, id: "p\(sequence)",
      colonyID: Self.colonies.randomElement(using: &generator) ?? "",
      executorType: ["a", "b"].randomElement(using: &generator) ?? "",
      priorityTime: now.nanoseconds - Int64.random(in: -2...2, using: &generator) * 5_000_000_000,
      demand: Demand(
        milliCPU: [0, 0, 500, 2000].randomElement(using: &generator) ?? 0,
        memory: [0, 0, 100].randomElement(using: &generator) ?? 0,
        location: ["", "", "here"].randomElement(using: &generator) ?? ""),
      targets: targets.randomElement(using: &generator) ?? [], lease: lease, retryLimit: retryLimit,
      maxWait: maxWait, waitDeadline: maxWait.map { now + .seconds($0) })
    machine.add(process)
    model.submit(process)
    return "submit \(process)"
  }

  private mutating func assign() -> String {
    let worker = Self.workers.randomElement(using: &generator) ?? ""
    let offer = WorkerOffer(
      id: worker, name: worker, colonyID: Self.colonies.randomElement(using: &generator) ?? "",
      type: ["a", "b"].randomElement(using: &generator) ?? "",
      milliCPU: [nil, 0, 1000].randomElement(using: &generator) ?? nil,
      memory: [nil, 50, 200].randomElement(using: &generator) ?? nil,
      location: ["", "here"].randomElement(using: &generator) ?? "")
    let ours = machine.assign(to: offer, at: now)
    let theirs = model.assign(to: offer, at: now)
    expect(ours == theirs, "\(String(describing: ours)) instead of \(String(describing: theirs))")
    return "assign to \(offer)"
  }

  private mutating func close() -> String {
    let id = anyID()
    let worker = Self.workers.randomElement(using: &generator) ?? ""
    let state = [ProcessState.successful, .failed].randomElement(using: &generator) ?? .failed
    let ours = (try? machine.close(id: id, by: worker, as: state)) != nil
    let theirs = model.close(id, by: worker, as: state)
    expect(ours == theirs, "closed: \(ours) instead of \(theirs)")
    return "close \(id) by \(worker)"
  }

  private mutating func release() -> String {
    let id = anyID()
    let attempt = Int.random(in: 1...3, using: &generator)
    let ours = machine.release(id: id, attempt: attempt) != nil
    expect(ours == model.release(id, attempt: attempt), "released: \(ours)")
    return "release \(id) attempt \(attempt)"
  }

  private mutating func releaseAll() -> String {
    let worker = Self.workers.randomElement(using: &generator) ?? ""
    let colony = Self.colonies.randomElement(using: &generator) ?? ""
    let ours = machine.releaseAll(heldBy: worker, colonyID: colony).count
    expect(ours == model.releaseAll(heldBy: worker, colonyID: colony), "released \(ours)")
    return "release all of \(worker)"
  }

  private mutating func cancel() -> String {
    let id = anyID()
    let ours = machine.end(id: id, as: .cancelled) != nil
    expect(ours == model.end(id, as: .cancelled), "cancelled: \(ours)")
    return "cancel \(id)"
  }

  private mutating func remove() -> String {
    let id = anyID()
    let ours = machine.remove(id: id) != nil
    expect(ours == model.remove(id), "removed: \(ours)")
    return "remove \(id)"
  }

  private mutating func expire() -> String {
    now = now + .milliseconds(Int.random(in: 0..<4000, using: &generator))
    _ = machine.expire(at: now)
    model.expire(at: now)
    if let next = machine.nextDeadline { expect(next > now, "a deadline was left behind") }
    return "expire"
  }

  private mutating func removeAll() -> String {
    let colony = Self.colonies.randomElement(using: &generator) ?? ""
    let states: [ProcessState?] = [nil, .waiting, .successful, .failed, .cancelled]
    let state = states.randomElement(using: &generator) ?? nil
    machine.removeAll(colonyID: colony, state: state)
    model.removeAll(colonyID: colony, state: state)
    return "remove all \(String(describing: state)) of \(colony)"
  }

  /// A machine that is built from what a store would remember goes on just the same.
  private mutating func restart() -> String {
    machine = QueueMachine()
    for entry in model.entries where !entry.state.isTerminal { machine.add(entry.process) }
    for colony in Self.colonies {
      for state in ProcessState.allCases where state.isTerminal {
        machine.setEnded(state, count: model.count(state, colonyID: colony), colonyID: colony)
      }
    }
    return "restart"
  }

  private mutating func anyID() -> String {
    "p\(Int64.random(in: max(1, sequence - 15)...max(1, sequence + 1), using: &generator))"
  }

  private mutating func compareCounts() {
    for colony in Self.colonies {
      for state in ProcessState.allCases {
        let ours = machine.counts(colonyID: colony)[state]
        let theirs = model.count(state, colonyID: colony)
        expect(ours == theirs, "\(colony) has \(ours) \(state) instead of \(theirs)")
      }
    }
    for entry in model.entries where !entry.state.isTerminal {
      expect(machine.process(id: entry.process.id) == entry.process, "\(entry.process.id) differs")
    }
  }

  private mutating func expect(_ condition: Bool, _ message: @autoclosure () -> String) {
    if !condition, difference == nil { difference = message() }
  }
}

extension LiveProcess {
  static func sample(_ sequence: Int64, lease: Int? = nil, priorityTime: Int64 = 0) -> LiveProcess {
    LiveProcess(
      sequence: sequence, id: "p\(sequence)", colonyID: "c", executorType: "t", priorityTime: priorityTime,
      demand: Demand(), targets: [], lease: lease, retryLimit: nil, maxWait: nil)
  }
}

extension WorkerOffer {
  static func sample(_ id: String) -> WorkerOffer {
    WorkerOffer(id: id, name: id, colonyID: "c", type: "t")
  }
}
