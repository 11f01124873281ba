/// What is counted.
struct SimulationTally {
  var submitted = 0
  /// How often a worker took a process.
  var taken = 0
  var done = 0
  var failed = 0
  var requeued = 0
  var busyKilled = 0
  var busyRemoved = 0
  var changes = 0
  var reversals = 0
  var decisions = 0
  /// The direction of the last change: 1 or -1, 0 before the first.
  var lastDirection = 0
}
