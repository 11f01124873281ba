/// A process that a worker has begun to work on.
struct WorkInHand: Sendable {
  let assignment: Assignment
  let interruption = Interruption()
  /// Whether nothing more is written about the process: it is closed, or given up.
  var isSettled = false
}
