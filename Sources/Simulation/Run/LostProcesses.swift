/// Processes whose worker is gone, until the queue knows.
struct LostProcesses {
  struct Loss {
    let process: QueuedProcess
    /// Whether the end of the lease brings it back.
    let byLease: Bool
  }

  private var losses: [Int: Loss] = [:]
  private var count = 0

  mutating func add(_ loss: Loss) -> Int {
    count = (count + 1) % Int(Int32.max)
    losses[count] = loss
    return count
  }

  mutating func remove(_ index: Int) -> Loss {
    guard let loss = losses.removeValue(forKey: index) else {
      preconditionFailure("a process cannot come back twice")
    }
    return loss
  }
}
