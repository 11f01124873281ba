import Colonies
import JSON
import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing

@testable import ScaleInSoak

/// What a soak must find, each planted in evidence that shows nothing else.
@Suite("The check of a soak")
struct SoakCheckerTests {
  /// A process that `web-1` worked on from 10 to 20, in a pod that then went in good order.
  private var clean: SoakEvidence {
    var evidence = SoakEvidence()
    evidence.submitted = [["job"]]
    evidence.processes = [process("job")]
    evidence.pods = [
      pod("web-1", "soak began job 10\nsoak ended job 20\n", [run(1, 60, .asked)])
    ]
    return evidence
  }

  private func process(_ id: String, _ state: ProcessState = .successful) -> Process {
    Process(
      id: id, spec: ProcessSpec(), state: state, assignedExecutorID: "worker",
      endTime: Timestamp(nanoseconds: 21_000))
  }

  private func run(_ start: Int64, _ end: Int64?, _ cause: PodRecord.Cause?) -> PodRecord.Run {
    PodRecord.Run(
      start: KubernetesTime(microseconds: start), end: end.map { KubernetesTime(microseconds: $0) },
      exit: end.map { _ in .code(0) }, cause: cause)
  }

  private func pod(_ name: String, _ log: String, _ runs: [PodRecord.Run]) -> PodRecord {
    var record = PodRecord(name: name, namespace: "soak", uid: name, node: "node")
    record.runs = runs
    let registered = #"{"message":"registered","metadata":{"id":"worker","name":"\#(name)_0123abcd"}}"#
    record.directory.write("\(registered)\n\(log)", to: "log")
    return record
  }

  private func victim(_ name: String, at moment: Int64, isReady: Bool = true) throws -> FakeReplicaSets.Victim
  {
    let ready: JSONValue = ["type": "Ready", "status": isReady ? "True" : "False"]
    return FakeReplicaSets.Victim(
      pod: try ObservedPod([
        "metadata": ["name": .string(name), "uid": .string(name)],
        "status": ["phase": "Running", "conditions": [ready]],
      ]), moment: KubernetesTime(microseconds: moment))
  }

  private func problems(_ evidence: SoakEvidence) -> [String] { SoakChecker(evidence).check().problems }

  @Test("good order is no problem, and is counted")
  func goodOrder() throws {
    var evidence = clean
    evidence.victims = [try victim("web-1", at: 21)]
    let outcome = SoakChecker(evidence).check()
    #expect(outcome.problems.isEmpty)
    #expect(outcome.jobs == 1 && outcome.removed == 1 && outcome.workers == 1)
  }

  @Test("a busy worker that is taken, also when it took the work between the choice and the word of it")
  func busy() throws {
    var evidence = clean
    evidence.victims = [try victim("web-1", at: 15)]
    #expect(problems(evidence).count == 1)
    evidence.victims = [try victim("web-1", at: 5)]
    #expect(problems(evidence).isEmpty)
    evidence.pods[0].deletion = KubernetesTime(microseconds: 12)
    #expect(problems(evidence).count == 1)
  }

  @Test("a worker that holds a process by the queue's word is busy, too")
  func held() throws {
    var evidence = clean
    evidence.processes[0].startTime = Timestamp(nanoseconds: 8_000)
    evidence.processes[0].endTime = Timestamp(nanoseconds: 30_000)
    evidence.victims = [try victim("web-1", at: 25)]
    #expect(problems(evidence).count == 1)
  }

  @Test("a pod that was seen as not ready goes whatever it does, and is counted")
  func notReady() throws {
    var evidence = clean
    evidence.victims = [try victim("web-1", at: 15, isReady: false)]
    let outcome = SoakChecker(evidence).check()
    #expect(outcome.problems.isEmpty)
    #expect(outcome.removedUnready == 1 && outcome.removedUnreadyAtWork == 1)
  }

  @Test(
    "a worker of a container that started again after the change is counted, one from before is a problem")
  func startedAgain() throws {
    var evidence = clean
    evidence.pods = [
      pod(
        "web-1-2", "soak began job 5500010\nsoak ended job 5500020\n",
        [
          run(1, 5_000_000, .crash), run(5_500_000, 5_500_060, .asked),
        ])
    ]
    evidence.victims = [try victim("web-1-2", at: 5_500_015)]
    evidence.scaleIns = ["web": [4_900_000]]
    #expect(SoakChecker(evidence).check().removedStartedAgain == 1)
    #expect(problems(evidence).isEmpty)
    evidence.scaleIns = ["web": [5_500_014]]
    evidence.pods[0].runs[0].end = KubernetesTime(microseconds: 1_500_000)
    #expect(problems(evidence).count == 1)
  }

  @Test(
    "a worker that started after the last look is counted only where nothing reaches it before it registers")
  func started() throws {
    for combination in SoakCombination.all {
      var evidence = clean
      evidence.combinations = ["web": combination]
      evidence.pods[0] = pod(
        "web-1-2", "soak began job 5500010\nsoak ended job 5500020\n",
        [run(5_000_000, 5_500_060, .asked)])
      evidence.victims = [try victim("web-1-2", at: 5_500_015)]
      evidence.scaleIns = ["web": [4_900_000]]
      let isExpected = combination.api == .runtime || combination.cordon == .approval
      #expect(SoakChecker(evidence).check().removedStarting == (isExpected ? 1 : 0), "\(combination)")
      #expect(problems(evidence).count == (isExpected ? 0 : 1), "\(combination)")
      // It was there when the autoscaler looked.
      evidence.pods[0].runs[0] = run(800_000, 5_500_060, .asked)
      #expect(problems(evidence).count == 1, "\(combination)")
    }
  }

  @Test("a result that could not be closed for long, and one of which nobody knows who closed it")
  func closedLate() {
    var evidence = clean
    evidence.processes[0].endTime = Timestamp(nanoseconds: 40_000_020_000)
    #expect(problems(evidence).isEmpty)
    evidence.processes[0].endTime = Timestamp(nanoseconds: 40_000_021_000)
    #expect(problems(evidence).count == 1)
    evidence = clean
    evidence.processes[0].assignedExecutorID = "other"
    #expect(problems(evidence).count == 1)
  }

  @Test("who is taken away is counted by combination, and what was not tried is told")
  func combinations() throws {
    var evidence = clean
    evidence.combinations = ["web": SoakCombination.all[3]]
    evidence.pods[0] = pod("web-1-2", evidence.pods[0].log, evidence.pods[0].runs)
    evidence.victims = [try victim("web-1-2", at: 21)]
    var outcome = SoakChecker(evidence).check()
    #expect(outcome.removals == [SoakCombination.all[3]: 1])
    #expect(outcome.slowestClose == [.approval: 1])
    #expect(outcome.untriedCombinations.count == 7)
    outcome += outcome
    #expect(outcome.removals == [SoakCombination.all[3]: 2])
  }

  @Test("each Deployment gets a combination, and all are dealt before one is dealt again", arguments: 0..<20)
  func deal(seed: UInt64) {
    let dealt = SoakCombination.deal(12, seed: seed)
    #expect(dealt.count == 12)
    #expect(Set(dealt.prefix(8)) == Set(SoakCombination.all))
    #expect(Set(dealt.suffix(4)).count == 4)
    #expect(SoakCombination.deal(12, seed: seed) == dealt)
  }

  @Test("a process that is lost, not done, or said to be done by nobody")
  func lost() {
    var evidence = clean
    evidence.submitted = [["job", "other"]]
    #expect(problems(evidence) == ["the process other is lost"])
    evidence = clean
    evidence.processes[0].state = .waiting
    #expect(problems(evidence).count == 1)
    evidence = clean
    evidence.processes.append(process("other"))
    #expect(problems(evidence).count == 1)
  }

  @Test("a process that ran twice at the same time, or again without need")
  func twice() {
    var evidence = clean
    evidence.pods.append(pod("web-2", "soak began job 15\nsoak ended job 30\n", [run(1, 60, .asked)]))
    #expect(problems(evidence).count == 2)
    evidence.pods[1] = pod("web-2", "soak began job 25\nsoak ended job 30\n", [run(1, 60, .asked)])
    #expect(problems(evidence).count == 1)
  }

  @Test("work that was cut by anything but a crash that was wanted")
  func cut() {
    for (cause, count) in [
      (PodRecord.Cause.crash, 0), (.asked, 1), (.forced, 1), (.graceOver, 2), (.itself, 2),
    ] {
      var evidence = clean
      evidence.pods[0] = pod("web-1", "soak began job 10\n", [run(1, 20, cause)])
      #expect(problems(evidence).count == count, "\(cause)")
      // Another one does it then.
      evidence.pods.append(pod("web-2", "soak began job 25\nsoak ended job 30\n", [run(1, 60, .asked)]))
      #expect(problems(evidence).count == (count == 0 ? 0 : count + 1), "\(cause)")
    }
  }

  @Test("a hook that fails")
  func hook() {
    var evidence = clean
    evidence.pods[0].preStop = PodRecord.Hook(exit: .code(1), took: .zero, output: "could not unregister")
    #expect(problems(evidence).count == 1)
  }
}
