/// The order in which a ReplicaSet removes pods (kubernetes/kubernetes:pkg/controller/controller_utils.go,
/// `ActivePodsWithRanks`): those not ready first, then by deletion cost, then those that were ready for less
/// time, where times of the same power of two are the same and the pods' random ids decide.
///
/// What it leaves out does not occur in the model: pods without a node, of unknown phase, of several nodes, or
/// that have restarted.
struct VictimOrder {
  let now: SimulatedTime
  let honorsDeletionCost: Bool

  /// The places of the pods to remove.
  func victims(_ count: Int, of pool: PodPool) -> [Int] {
    guard count > 0 else { return [] }
    let candidates = pool.pods.indices.filter { isActive(pool[$0]) }
    return Array(candidates.sorted { isBefore(pool[$0], pool[$1]) }.prefix(count))
  }

  private func isActive(_ pod: PodPool.Pod) -> Bool { pod.phase != .none && pod.phase != .leaving }

  private func isBefore(_ left: PodPool.Pod, _ right: PodPool.Pod) -> Bool {
    let (leftReady, rightReady) = (left.phase != .starting, right.phase != .starting)
    if leftReady != rightReady { return rightReady }
    if honorsDeletionCost, left.isCordoned != right.isCordoned { return left.isCordoned }
    let (leftSince, rightSince) =
      leftReady ? (left.readyAt, right.readyAt) : (left.createdAt, right.createdAt)
    if leftSince != rightSince {
      let (leftRank, rightRank) = (rank(since: leftSince), rank(since: rightSince))
      if leftRank != rightRank { return leftRank < rightRank }
    }
    return left.uid < right.uid
  }

  /// The power of two of an age in nanoseconds.
  private func rank(since moment: SimulatedTime) -> Int {
    Int.bitWidth - Int(max(now - moment, 0)).leadingZeroBitCount
  }
}
