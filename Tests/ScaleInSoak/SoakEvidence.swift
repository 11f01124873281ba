internal import Colonies
internal import JSON
internal import KubernetesClient
internal import KubernetesTestSupport

/// What happened in a round, as far as the queue, the kubelet and the ReplicaSets' controller have seen it. The autoscaler
/// is not asked.
struct SoakEvidence: Sendable {
  /// A time in which a worker worked on a process, or held it.
  struct Work: Sendable, Hashable {
    let process: String
    let pod: String
    /// Microseconds since 1970.
    let begin: Int64
    var end: Int64?
    /// How the container ended in whose run it began; nil while that runs.
    var cause: PodRecord.Cause?
    /// When it did.
    var runEnd: Int64?

    /// Whether it was under way at some moment of a time.
    func overlaps(_ time: ClosedRange<Int64>) -> Bool {
      begin <= time.upperBound && time.lowerBound <= end ?? runEnd ?? .max
    }
  }

  /// Everything that was submitted, by colony.
  var submitted: [[String]] = []
  /// Everything that the queue has.
  var processes: [Process] = []
  var pods: [PodRecord] = []
  var victims: [FakeReplicaSets.Victim] = []
  /// When Deployments were seen to be given fewer replicas, in microseconds since 1970, by their names.
  var scaleIns: [String: [Int64]] = [:]
  /// How Deployments are scaled in, by their names.
  var combinations: [String: SoakCombination] = [:]

  /// The Deployment that a pod is of, by its name.
  static func deployment(of pod: String) -> String {
    pod.split(separator: "-").dropLast(2).joined(separator: "-")
  }

  /// How a pod's Deployment is scaled in, by the pod's name.
  func combination(of pod: String) -> SoakCombination? { combinations[Self.deployment(of: pod)] }

  /// What the workers themselves wrote about their work.
  func works() -> [Work] { pods.flatMap(Self.works) }

  private static func works(in record: PodRecord) -> [Work] {
    var works: [Work] = []
    for line in record.log.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 4, words[0] == "soak", let time = Int64(words[3]) else { continue }
      if words[1] == "began" {
        let run = record.runs.last { $0.start.microseconds <= time }
        works.append(
          Work(
            process: String(words[2]), pod: record.name, begin: time, cause: run?.cause,
            runEnd: run?.end?.microseconds))
      } else if let index = works.lastIndex(where: { $0.process == words[2] && $0.end == nil }) {
        works[index].end = time
      }
    }
    return works
  }

  /// The pods of all workers that ever registered, by the workers' ids. Their own logs know them: the runtime API forgets
  /// workers that are gone.
  func podsByWorker() -> [String: String] {
    var podsByWorker: [String: String] = [:]
    for record in pods {
      for line in record.log.split(separator: "\n") where line.contains(#""message":"registered""#) {
        // A container that is killed may leave half a line.
        if let id = (try? JSONValue(parsing: Array(line.utf8)))?["metadata"]?["id"]?.string {
          podsByWorker[id] = record.name
        }
      }
    }
    return podsByWorker
  }

  /// What the queue says about who held which process last.
  /// - Parameter podsByWorker: See ``podsByWorker()``.
  func holdings(_ podsByWorker: [String: String]) -> [Work] {
    processes.compactMap { process in
      guard !DrainOrder.isDrain(process), let start = process.startTime,
        let pod = podsByWorker[process.assignedExecutorID]
      else { return nil }
      return Work(
        process: process.id, pod: pod, begin: start.nanoseconds / 1000,
        end: process.endTime.map { $0.nanoseconds / 1000 })
    }
  }
}
