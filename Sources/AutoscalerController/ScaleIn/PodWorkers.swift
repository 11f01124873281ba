internal import Autoscaling
internal import Colonies

/// Which of a colony's workers is in which pod.
///
/// A worker registers under its pod's name, or, when that name is taken because its container started again, with
/// an underscore and eight hexadecimal digits behind it.
struct PodWorkers: Sendable {
  /// The newest worker of each pod, by the pod's name.
  let byPod: [String: Executor]
  /// Registrations under other names.
  let others: [Executor]
  /// The workers of the pods, and the others.
  var all: [Executor] { byPod.values + others }
  /// The names of pods under which a worker was registered that is not any more.
  let usedNames: Set<String>

  /// - Parameter pods: The names of the pods.
  init(_ workers: [Executor], pods: Set<String>) {
    var byPod: [String: Executor] = [:]
    var others: [Executor] = []
    for worker in workers where worker.state != .unregistered {
      let pod = Self.podName(of: worker.name)
      guard pods.contains(pod) else {
        others.append(worker)
        continue
      }
      if let other = byPod[pod], !Self.isOlder(other, worker) { continue }
      byPod[pod] = worker
    }
    self.byPod = byPod
    self.others = others
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
