/// A deletion cost for a pod whose worker is busy, or the end of one.
///
/// It is for those who make fewer replicas of a target without asking anybody: the target then takes idle workers
/// first, and of the busy ones those that have worked for the shortest time. A scale-in of ours needs none of it.
///
/// It can never arrive late at a pod that is chosen. It is only written to a version of a pod that does not have the
/// lowest cost; so once a pod has been seen with that one, it is past all versions that an earlier busy cost was for.
public struct ScaleInBusyCost: Sendable, Hashable {
  /// The pod.
  public let pod: ScaleInPodReference
  /// The version of the pod that this is for; it must be refused when the pod has another.
  public let revision: String
  /// The cost; nil takes away the one that the pod has.
  public let cost: Int32?

  /// Describes a cost.
  public init(pod: ScaleInPodReference, revision: String, cost: Int32?) {
    self.pod = pod
    self.revision = revision
    self.cost = cost
  }

  /// The costs that this program gives to busy pods. A pod that has any other was given it by somebody else, or was
  /// chosen to go.
  public static let range: ClosedRange<Int32> = 1_900_000_001...1_900_000_032

  /// The cost of a worker that has been at its oldest process for so long: one more each time that has doubled, from a
  /// second on, so that few costs are written however long a process takes.
  public static func cost(after age: Duration) -> Int32 {
    let seconds = max(age.components.seconds, 0)
    let doublings = Int32(Int64.bitWidth - seconds.leadingZeroBitCount)
    return min(range.lowerBound + doublings, range.upperBound)
  }
}

extension ScaleInPod {
  /// Whether it has a cost that this program gives to busy pods.
  var hasBusyCost: Bool { deletionCost.map(ScaleInBusyCost.range.contains) ?? false }
}
