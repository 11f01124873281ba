internal import Colonies
internal import KubernetesClient
internal import KubernetesTestSupport
internal import TestSupport

/// Finds in the evidence of a round what must not happen.
struct SoakChecker: Sendable {
  typealias Work = SoakEvidence.Work

  let evidence: SoakEvidence
  private let works: [Work]
  private let podsByWorker: [String: String]

  init(_ evidence: SoakEvidence) {
    self.evidence = evidence
    works = evidence.works()
    podsByWorker = evidence.podsByWorker()
  }

  /// How long after its work a process is closed at the latest, where nothing is wrong, in microseconds: a worker that was
  /// rejected in the moment it took the work may have to wait until two leaders that were killed have lost their lease,
  /// and for its own next attempt.
  private static let closing: Int64 = 40_000_000

  func check() -> SoakOutcome {
    var outcome = SoakOutcome()
    outcome.workers = evidence.pods.reduce(0) { $0 + $1.runs.count }
    outcome.crashes = evidence.pods.reduce(0) { $0 + $1.runs.count { $0.cause == .crash } }
    checkProcesses(&outcome)
    checkRuns(&outcome)
    checkVictims(&outcome)
    checkEnds(&outcome)
    return outcome
  }

  /// Every process was done, and closed soon by a worker that is known.
  private func checkProcesses(_ outcome: inout SoakOutcome) {
    let known = Set(evidence.processes.map(\.id))
    for id in evidence.submitted.joined() where !known.contains(id) {
      outcome.problems.append("the process \(id) is lost")
    }
    let ends = Dictionary(works.map { ($0.process, $0.end ?? 0) }, uniquingKeysWith: max)
    for process in evidence.processes where !DrainOrder.isDrain(process) {
      if process.state != .successful {
        outcome.problems.append("the process \(process.id) is \(process.state) in the end: \(process.errors)")
        continue
      }
      guard let end = ends[process.id] else {
        outcome.problems.append("the process \(process.id) is done, and nobody worked on it")
        continue
      }
      outcome.jobs += 1
      guard let pod = podsByWorker[process.assignedExecutorID], let closed = process.endTime else {
        outcome.problems.append("the process \(process.id) is done, and it is not known when and by whom")
        continue
      }
      let took = closed.nanoseconds / 1000 - end
      if let cordon = evidence.combination(of: pod)?.cordon {
        outcome.slowestClose[cordon] = max(outcome.slowestClose[cordon] ?? 0, took)
      }
      if took > Self.closing {
        outcome.problems.append(
          "\(pod) could not close \(process.id) for \(took / 1_000_000) s after its work")
      }
    }
  }

  /// No process was run by two at once, and none again but after a crash; and no work was cut.
  private func checkRuns(_ outcome: inout SoakOutcome) {
    for (id, runs) in Dictionary(grouping: works, by: \.process) {
      let sorted = runs.sorted { $0.begin < $1.begin }
      for (earlier, later) in zip(sorted, sorted.dropFirst()) {
        if earlier.end ?? earlier.runEnd ?? .max > later.begin {
          outcome.problems.append("\(id) ran at the same time on \(earlier.pod) and \(later.pod)")
        }
        // Between the end of the work and its close the worker may die, too.
        let isCrash =
          earlier.cause == .crash && (earlier.runEnd ?? .max) - (earlier.end ?? earlier.begin) < Self.closing
        if isCrash || earlier.cause == .crash && earlier.end == nil {
          outcome.rerunAfterCrash += 1
        } else {
          outcome.problems.append(
            "\(id) was run again on \(later.pod), though \(earlier.pod) did not crash: \(describe(earlier))")
        }
      }
      for work in runs where work.end == nil && work.cause != .crash {
        outcome.problems.append("the work on \(id) was cut: \(describe(work))")
      }
    }
  }

  /// No pod that worked was chosen, unless it was seen as one that is not ready, which decides before any cost.
  private func checkVictims(_ outcome: inout SoakOutcome) {
    let byPod = Dictionary(grouping: works + evidence.holdings(podsByWorker), by: \.pod)
    let records = Dictionary(evidence.pods.map { ($0.uid, $0) }, uniquingKeysWith: { first, _ in first })
    for victim in evidence.victims {
      let name = victim.pod.name
      let combination = evidence.combination(of: name)
      let record = records[victim.pod.uid]
      let asked = victim.moment.microseconds
      let told = max(asked, record?.deletion?.microseconds ?? asked)
      outcome.removed += 1
      if let combination { outcome.removals[combination, default: 0] += 1 }
      if !victim.pod.pod.isReady { outcome.removedUnready += 1 }
      guard let work = byPod[name]?.first(where: { $0.overlaps(asked...told) }) else { continue }
      switch record.flatMap({ excuse(for: work, in: $0, before: asked) }) {
      case .startedAgain?: outcome.removedStartedAgain += 1
      case .started?: outcome.removedStarting += 1
      case nil where victim.pod.pod.isReady:
        outcome.problems.append(
          "the busy \(name) was removed at \(asked) by \(combination.map(\.description) ?? "?"), with the cost "
            + "\(victim.pod.pod.deletionCost.map(String.init) ?? "none"): \(describe(work))")
      case nil: outcome.removedUnreadyAtWork += 1
      }
    }
  }

  /// Why a worker is busy whose pod goes: it came after the autoscaler had looked for the last time. Nobody can take the
  /// choice back then, and the worker works until it hears of it.
  private enum Excuse {
    /// The pod's container started for the first time, where nothing keeps a worker from work before it has registered.
    case started
    /// The container crashed, and started again.
    case startedAgain
  }

  private func excuse(for work: Work, in record: PodRecord, before asked: Int64) -> Excuse? {
    let changes = evidence.scaleIns[SoakEvidence.deployment(of: record.name)] ?? []
    guard let changed = changes.last(where: { $0 <= asked }),
      let index = record.runs.lastIndex(where: { $0.start.microseconds <= work.begin })
    else { return nil }
    let unseen = changed - Self.sight...asked
    if index == 0 {
      let isReached = evidence.combination(of: record.name)?.reachesUnregistered ?? true
      return !isReached && unseen.contains(record.runs[0].start.microseconds) ? .started : nil
    }
    let before = record.runs[index - 1]
    return before.cause == .crash && before.end.map { unseen.contains($0.microseconds) } == true
      ? .startedAgain : nil
  }

  /// How old what the autoscaler has seen may be when it changes the replicas, in microseconds: it begins nothing that
  /// it decided on longer ago.
  private static let sight: Int64 = 4_000_000

  /// Every container that was asked to end did, in its time and in order.
  private func checkEnds(_ outcome: inout SoakOutcome) {
    for pod in evidence.pods {
      for run in pod.runs where run.cause == .graceOver || run.cause == .itself {
        outcome.problems.append(
          "\(pod.name) ended with \(run.exit.map { "\($0)" } ?? "nothing"): \(run.cause.map { "\($0)" } ?? "")"
        )
      }
      if let hook = pod.preStop, hook.exit != .code(0), pod.runs.last?.cause != .crash {
        outcome.problems.append(
          "the preStop of \(pod.name) ended with \(hook.exit): \(hook.output.suffix(300))")
      }
    }
  }

  private func describe(_ work: Work) -> String {
    "\(work.process) from \(work.begin) to \(work.end.map(String.init) ?? "no end"), "
      + "whose container \(work.cause.map { "ended: \($0), at \(work.runEnd ?? 0)" } ?? "runs")"
  }
}
