import Colonies
import ColoniesClient
import JSON
import TestSupport

/// One client of a crash test: it submits, and works, with one key, and writes down what it is told.
struct CrashClient: Sendable {
  let colony: TestColony
  let key: PrivateKey
  private let name: String
  private var generator: SplitMix64
  private var counter = 0
  /// What it holds and means to end some time.
  private var held: [Held] = []
  /// Ends that were asked for when the server died, to be asked for again.
  private var unanswered: [(held: Held, close: CrashLedger.Close)] = []
  /// What it was told since the ledger was last taken.
  private var ledger = CrashLedger()

  private struct Held: Sendable {
    let id: String
    let deadline: Timestamp?
  }

  init(_ colony: TestColony, worker index: Int, seed: UInt64) {
    self.colony = colony
    key = colony.workers[index]
    name = "\(colony.reference.name)-\(index)"
    generator = SplitMix64(seed: seed &* 1000 &+ UInt64(index) &+ (colony.api == .runtime ? 0 : 500))
  }

  /// Takes what it was told.
  mutating func takeLedger() -> CrashLedger {
    defer { ledger = CrashLedger() }
    return ledger
  }

  /// Works until the server is gone.
  mutating func work(_ client: ColoniesClient) async {
    do {
      for (held, close) in unanswered { try await self.close(held, close, isRepeated: true, client) }
      while true {
        switch Int.random(in: 0..<100, using: &generator) {
        case ..<35: try await submit(client)
        case ..<65: try await assign(client)
        case ..<75: try await addAttribute(client)
        case ..<93: try await close(.successful, client)
        default: try await close(.failed, client)
        }
      }
    } catch {
      switch error.code {
      case .unreachable: break
      // What a server says that is being stopped.
      case .serverFailure where error.status == 503: break
      default: ledger.contradicted("\(name): \(error) [\(error.code) \(error.status ?? 0)]")
      }
    }
  }

  private mutating func submit(_ client: ColoniesClient) async throws(ColoniesError) {
    counter += 1
    let token = "\(name)-\(counter)"
    var spec = colony.spec(token)
    spec.environment = ["token": token]
    switch Int.random(in: 0..<6, using: &generator) {
    case ..<2: spec.maxExecutionTime = Int.random(in: 1...2, using: &generator)
    case 2: spec.maxExecutionTime = 3600
    default: spec.maxExecutionTime = -1
    }
    spec.maxRetries = Int.random(in: -1...3, using: &generator)
    if colony.api == .executor { spec.priority = Int.random(in: -1...1, using: &generator) }
    // Entered before it is asked for: a server may do it and die before it answers.
    ledger.askedToSubmit(token: token)
    ledger.submitted(try await client.submit(spec, key: key), token: token)
  }

  private mutating func assign(_ client: ColoniesClient) async throws(ColoniesError) {
    let waits = colony.api == .executor && Int.random(in: 0..<4, using: &generator) == 0
    let process: Process
    do {
      process = try await client.assign(colony: colony.reference, timeout: waits ? 1 : nil, key: key)
    } catch  where error.code == .queueEmpty {
      return
    }
    ledger.assigned(process, to: key.id)
    // Its lease may have ended, and then it may come back: what is held now is the later attempt.
    held.removeAll { $0.id == process.id }
    // Some are left to their leases.
    if process.spec.lease ?? 3600 < 3600, Bool.random(using: &generator) { return }
    held.append(Held(id: process.id, deadline: process.executionDeadline))
  }

  private mutating func addAttribute(_ client: ColoniesClient) async throws(ColoniesError) {
    guard let held = held.randomElement(using: &generator) else { return }
    counter += 1
    let attribute = Attribute(
      processID: held.id, kind: .output, key: "attribute-\(name)-\(counter)",
      value: "\(name)-\(counter)")
    do {
      ledger.added(try await client.addAttribute(attribute, key: key))
    } catch  where error.code == .notAssigned {
      ledger.refused(held.id, workerID: key.id, deadline: held.deadline, "\(error)")
      self.held.removeAll { $0.id == held.id }
    }
  }

  private mutating func close(_ state: ProcessState, _ client: ColoniesClient) async throws(ColoniesError) {
    guard !held.isEmpty else { return }
    let held = held.remove(at: Int.random(in: 0..<held.count, using: &generator))
    counter += 1
    let close = CrashLedger.Close(workerID: key.id, state: state, output: "\(name)-\(counter)")
    unanswered.append((held, close))
    ledger.askedToClose(held.id, close)
    try await self.close(held, close, isRepeated: false, client)
  }

  private mutating func close(
    _ held: Held, _ close: CrashLedger.Close, isRepeated: Bool, _ client: ColoniesClient
  ) async throws(ColoniesError) {
    do {
      if close.state == .successful {
        try await client.closeSuccessful(id: held.id, output: [.string(close.output)], key: key)
      } else {
        try await client.closeFailed(id: held.id, errors: [close.output], key: key)
      }
      ledger.closed(held.id, close)
    } catch  where error.code == .notAssigned {
      // A second attempt to fail is refused where the first was done; the checker sees which it was.
      if !isRepeated {
        ledger.refused(held.id, workerID: key.id, deadline: held.deadline, "\(error)")
        ledger.notClosed(held.id, close)
      }
    }
    unanswered.removeAll { $0.held.id == held.id }
  }
}
