public import Colonies
public import ColoniesClient
internal import Simulation

/// Reads what a Colonies server remembers of the processes that ended.
///
/// A server tells all processes that were submitted since a number of seconds, without pages, and sends each whole. So
/// the time is doubled until it is as long as is wanted, or until an answer is refused, too long, or has so many
/// processes that the server may have left some out; what the longest complete answer had is taken. Servers that have
/// no such request list the latest 100 of each state. Made for once in a while: it is much work for the server.
public struct HistoryReader: Sendable {
  private let client: ColoniesClient
  private let colony: ColonyReference
  private let executorType: String
  private let key: PrivateKey

  /// From so many processes on an answer may be cut off, as our server does it.
  static let completeBelow = 10_000
  /// The most processes that servers list.
  static let listLimit = 100
  /// The first time that is asked for.
  static let firstTime = 600

  /// - Parameter key: That of an approved worker of the colony.
  public init(client: ColoniesClient, colony: ColonyReference, executorType: String, key: PrivateKey) {
    self.client = client
    self.colony = colony
    self.executorType = executorType
    self.key = key
  }

  /// Reads the processes that were submitted in the last seconds and have ended.
  /// - Throws: `ColoniesError` when the server tells nothing at all.
  public func read(seconds: Int) async throws(ColoniesError) -> WorkloadHistory {
    var ended: [Process] = []
    var coverage: [String] = []
    for state in [ProcessState.successful, .failed] {
      let (processes, sentence) = try await read(state, seconds: seconds)
      ended += processes
      coverage.append(sentence)
    }
    return history(ended, coverage)
  }

  private func read(
    _ state: ProcessState, seconds: Int
  ) async throws(ColoniesError) -> (processes: [Process], coverage: String) {
    var read: (processes: [Process], seconds: Int)?
    var time = min(Self.firstTime, seconds)
    while true {
      do {
        let found = try await client.history(
          HistoryQuery(colony: colony, seconds: time, state: state), key: key)
        if found.count >= Self.completeBelow {
          let reason = "the last \(time) s have \(found.count) or more, and some may be left out"
          if let read { return (read.processes, covered(state, read.seconds, seconds, but: reason)) }
          return (found, covered(state, time, seconds, but: reason))
        }
        read = (found, time)
        if time >= seconds { return (found, covered(state, time, seconds, but: nil)) }
        time = min(time * 2, seconds)
      } catch {
        if error.code == .cancelled { throw error }
        if let read {
          return (read.processes, covered(state, read.seconds, seconds, but: "for \(time) s, \(error)"))
        }
        guard error.code == .unsupported || error.code == .denied || error.code == .invalidRequest else {
          throw error
        }
        return try await list(state, because: error)
      }
    }
  }

  private func list(
    _ state: ProcessState, because reason: ColoniesError
  ) async throws(ColoniesError) -> (processes: [Process], coverage: String) {
    let listed = try await client.processes(
      ProcessQuery(colony: colony, state: state, count: Self.listLimit, executorType: executorType), key: key)
    let all =
      listed.count < Self.listLimit ? "all \(listed.count)" : "only \(listed.count), as servers list no more,"
    return (
      listed, "\(state) processes: \(all) that the server lists; its history was not to be had: \(reason)"
    )
  }

  private func covered(_ state: ProcessState, _ seconds: Int, _ asked: Int, but reason: String?) -> String {
    let covered = "\(state) processes: those submitted in the last \(seconds) s"
    return reason.map { "\(covered), not in the last \(asked) s: \($0)" } ?? covered
  }

  private func history(_ ended: [Process], _ coverage: [String]) -> WorkloadHistory {
    // Servers of the runtime API do not look at the type.
    let own = ended.filter { $0.spec.conditions.executorType == executorType }
    let timed = own.compactMap { process -> (at: Timestamp, process: SimulatedProcess)? in
      guard let submitted = process.submissionTime, let start = process.startTime, let end = process.endTime,
        start <= end
      else { return nil }
      return (
        submitted,
        SimulatedProcess(
          submittedAt: .zero, serviceTime: max(end - start, .milliseconds(1)), executorType: executorType,
          priority: process.spec.priority)
      )
    }.sorted { $0.at < $1.at }
    let first = timed.first?.at ?? Timestamp(nanoseconds: 0)
    let processes = timed.map { at, process in
      var process = process
      process.submittedAt = at - first
      return process
    }
    var sentences = coverage
    if own.count < ended.count {
      sentences.append("\(ended.count - own.count) processes of other types left out")
    }
    if timed.count < own.count {
      sentences.append("\(own.count - timed.count) processes left out that were never begun or have no times")
    }
    sentences.append("a process that was begun more than once has the time of its last attempt")
    return WorkloadHistory(processes: processes, begins: .nanoseconds(first.nanoseconds), coverage: sentences)
  }
}
