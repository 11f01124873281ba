internal import Colonies
internal import KubernetesClient
internal import KubernetesTestSupport
internal import TestSupport

/// Finds in the evidence of a round what must not happen.
struct SoakChecker: Sendable {
  typealias Work = SoakEvidence.Work

  let evidence: SoakEvidence
  private let works: [Work]

  init(_ evidence: SoakEvidence) {
    self.evidence = evidence
    works = evidence.works()
  }

  /// How long after its work a process is closed at the latest, where nothing is wrong, in microseconds.
  private static let closing: Int64 = 30_000_000

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

  /// Every process was done.
  private func checkProcesses(_ outcome: inout SoakOutcome) {
    let known = Set(evidence.processes.map(\.id))
    for id in evidence.submitted.joined() where !known.contains(id) {
      outcome.problems.append("the process \(id) is lost")
    }
    let worked = Set(works.map(\.process))
    for process in evidence.processes where !DrainOrder.isDrain(process) {
      if process.state != .successful {
        outcome.problems.append("the process \(process.id) is \(process.state) in the end: \(process.errors)")
      } else if !worked.contains(process.id) {
        outcome.problems.append("the process \(process.id) is done, and nobody worked on it")
      } else {
        outcome.jobs += 1
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
    let byPod = Dictionary(grouping: works + evidence.holdings(), by: \.pod)
    let records = Dictionary(evidence.pods.map { ($0.uid, $0) }, uniquingKeysWith: { first, _ in first })
    for victim in evidence.victims {
      outcome.removed += 1
      let asked = victim.moment.microseconds
      let told = max(asked, records[victim.pod.uid]?.deletion?.microseconds ?? asked)
      let work = byPod[victim.pod.name]?.first { $0.overlaps(asked...told) }
      if !victim.pod.pod.isReady { outcome.removedUnready += 1 }
      guard let work else { continue }
      if let record = records[victim.pod.uid], hasStartedAgain(record, before: asked) {
        outcome.removedStartedAgain += 1
      } else if victim.pod.pod.isReady {
        outcome.problems.append(
          "the busy \(victim.pod.name) was removed at \(asked), with the cost "
            + "\(victim.pod.pod.deletionCost.map(String.init) ?? "none"): \(describe(work))")
      } else {
        outcome.removedUnreadyAtWork += 1
      }
    }
  }

  /// Whether the container of a pod that was chosen crashed after the autoscaler had looked for the last time, and has
  /// started again. Nobody can take that back: the new worker works until it hears that its pod is to go.
  private func hasStartedAgain(_ record: PodRecord, before asked: Int64) -> Bool {
    let app = record.name.split(separator: "-").dropLast(2).joined(separator: "-")
    guard let changed = evidence.scaleIns[app]?.last(where: { $0 <= asked }) else { return false }
    return record.runs.contains { run in
      run.cause == .crash && run.end.map { (changed - Self.sight...asked).contains($0.microseconds) } ?? false
    }
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
