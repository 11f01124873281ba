/// A process that a worker has begun to work on.
struct WorkInHand: Sendable {
  let assignment: Assignment
  let interruption = Interruption()
  /// Since when nothing more is written about the process: it is closed, or given up.
  var settled: Duration?
}
