import Colonies

/// What the clients of a crash test were told, and what they asked for without being told what came of it.
struct CrashLedger: Sendable {
  /// An assignment that was answered.
  struct Assignment: Sendable {
    let workerID: String
    let startTime: Timestamp
    let deadline: Timestamp?
    let retries: Int
  }

  /// A request to end a process.
  struct Close: Sendable, Hashable {
    let workerID: String
    let state: ProcessState
    let output: String
  }

  /// What is known of one process.
  struct Entry: Sendable {
    /// nil when this ledger has neither its submission nor an assignment.
    var spec: ProcessSpec?
    var assignments: [Assignment] = []
    var attributes: [String: String] = [:]
    /// Answered with success.
    var closes: [Close] = []
    /// Not answered: done or not.
    var doubtfulCloses: [Close] = []
  }

  private(set) var entries: [String: Entry] = [:]
  /// What marks the processes whose submission was answered.
  private(set) var tokens: Set<String> = []
  /// What marks every process whose submission was asked for.
  private(set) var askedTokens: Set<String> = []
  /// What no server may answer, whatever happened before.
  private(set) var contradictions: [String] = []
  /// How many requests were answered.
  private(set) var answers = 0

  mutating func askedToSubmit(token: String) { askedTokens.insert(token) }

  mutating func submitted(_ process: Process, token: String) {
    answers += 1
    if entries[process.id] != nil { contradictions.append("the id \(process.id) was given twice") }
    entries[process.id] = Entry(spec: process.spec)
    tokens.insert(token)
  }

  mutating func assigned(_ process: Process, to workerID: String) {
    answers += 1
    guard let start = process.startTime, process.assignedExecutorID == workerID, process.state == .running
    else {
      contradictions.append("\(workerID) was given \(process.id), which is not shown as running there")
      return
    }
    entries[process.id, default: Entry()].spec = process.spec
    entries[process.id, default: Entry()].assignments.append(
      Assignment(
        workerID: workerID, startTime: start, deadline: process.executionDeadline,
        retries: process.retries))
  }

  mutating func added(_ attribute: Attribute) {
    answers += 1
    entries[attribute.processID, default: Entry()].attributes[attribute.key] = attribute.value
  }

  mutating func askedToClose(_ id: String, _ close: Close) {
    entries[id, default: Entry()].doubtfulCloses.append(close)
  }

  mutating func closed(_ id: String, _ close: Close) {
    answers += 1
    entries[id, default: Entry()].closes.append(close)
  }

  /// A close was refused, so it was not done.
  mutating func notClosed(_ id: String, _ close: Close) {
    entries[id]?.doubtfulCloses.removeAll { $0 == close }
  }

  /// A worker was told that it does not hold a process. Only the end of its lease can have taken it away.
  mutating func refused(_ id: String, workerID: String, deadline: Timestamp?, _ why: String) {
    answers += 1
    let now = Timestamp.now()
    if let deadline, deadline <= now { return }
    contradictions.append(
      "\(workerID) lost \(id) at \(now.rfc3339), before its lease ended "
        + "(\(deadline?.rfc3339 ?? "it has none")): \(why)")
  }

  mutating func contradicted(_ what: String) { contradictions.append(what) }

  /// Adds what another client was told, or the same one later.
  mutating func merge(_ other: CrashLedger) {
    answers += other.answers
    tokens.formUnion(other.tokens)
    askedTokens.formUnion(other.askedTokens)
    contradictions += other.contradictions
    entries.merge(other.entries) { mine, theirs in
      Entry(
        spec: mine.spec ?? theirs.spec, assignments: mine.assignments + theirs.assignments,
        attributes: mine.attributes.merging(theirs.attributes) { $1 }, closes: mine.closes + theirs.closes,
        doubtfulCloses: mine.doubtfulCloses + theirs.doubtfulCloses)
    }
  }
}
