internal import Autoscaling
internal import Colonies

/// Which of a colony's workers is in which pod.
///
/// A worker registers under its pod's name, or, when that name is taken because its container started again, with
/// an underscore and eight hexadecimal digits behind it.
struct PodWorkers: Sendable {
  /// The newest worker of each pod, by the pod's name.
  let byPod: [String: Executor]
  /// The older ones of pods that have several, by the pod's name: those of containers that have ended, or of other
  /// containers.
  let older: [String: [Executor]]
  /// Registrations under other names.
  let others: [Executor]
  /// The newest workers of the pods, and the others.
  var all: [Executor] { byPod.values + others }
  /// The names of pods with several workers that live, as far as can be seen.
  let shared: Set<String>
  /// The names of pods under which a worker was registered that is not any more.
  let usedNames: Set<String>

  /// - Parameter pods: The names of the pods.
  init(_ workers: [Executor], pods: Set<String>) {
    var byPod: [String: Executor] = [:]
    var older: [String: [Executor]] = [:]
    var others: [Executor] = []
    for worker in workers where worker.state != .unregistered {
      let pod = Self.podName(of: worker.name)
      guard pods.contains(pod) else {
        others.append(worker)
        continue
      }
      guard let other = byPod[pod] else {
        byPod[pod] = worker
        continue
      }
      let isNewer = Self.isOlder(other, worker)
      older[pod, default: []].append(isNewer ? other : worker)
      if isNewer { byPod[pod] = worker }
    }
    self.byPod = byPod
    self.older = older
    self.others = others
    shared = Set(
      byPod.filter { pod, newest in
        older[pod]?.contains { Self.lives($0, beside: newest) } == true
      }.keys)
    usedNames = Set(workers.filter { $0.state == .unregistered }.map { Self.podName(of: $0.name) })
      .intersection(pods)
  }

  /// The name of the pod that a worker of this name is in, if it is in one.
  static func podName(of worker: String) -> String {
    let digits = worker.utf8.suffix(8)
    let rest = worker.utf8.dropLast(8)
    guard digits.count == 8, digits.allSatisfy(\.isHexadecimalDigit), rest.last == UInt8(ascii: "_") else {
      return worker
    }
    return String(decoding: rest.dropLast(), as: UTF8.self)
  }

  /// Whether an older worker was heard of when its pod had a newer one already, and about as lately as that one. Only
  /// times of the server are compared.
  private static func lives(_ older: Executor, beside newest: Executor) -> Bool {
    guard let heard = older.lastHeardFromTime, let begun = newest.commissionTime, heard >= begun else {
      return false
    }
    return newest.lastHeardFromTime.map { $0 - heard <= longestSilence } ?? true
  }

  /// Workers that live give signs of life up to 66 s apart. One that has died may seem to give another, when the server
  /// answers what it had asked last.
  private static let longestSilence: Duration = .seconds(90)

  private static func isOlder(_ left: Executor, _ right: Executor) -> Bool {
    guard let leftTime = left.commissionTime else { return right.commissionTime != nil }
    guard let rightTime = right.commissionTime else { return false }
    return leftTime < rightTime
  }
}

extension UInt8 {
  fileprivate var isHexadecimalDigit: Bool {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= self || UInt8(ascii: "a")...UInt8(ascii: "f") ~= self
  }
}
