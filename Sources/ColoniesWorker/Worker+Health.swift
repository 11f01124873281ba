internal import Colonies
internal import Logging
internal import Timekeeping

extension Worker {
  /// How long one turn of the loop may take: more than all its requests and waits together.
  private static var turnLimit: Duration { .seconds(300) }
  /// How long a handler may go on after its work was given up.
  private static var heedLimit: Duration { .seconds(60) }

  /// Leaves signs of life in the health file while the worker is well, until the task is cancelled.
  func beat() async {
    guard let file = configuration.stateFile.map(HealthFile.init(of:)) else { return }
    var isReported = false
    while !Task.isCancelled {
      if let reason = stuckReason {
        if !isReported {
          logger.critical("the worker is stuck and leaves no signs of life", metadata: ["why": "\(reason)"])
        }
        isReported = true
      } else {
        isReported = false
        do throws(WorkerError) {
          try file.touch()
        } catch {
          logger.error("no sign of life", metadata: ["error": "\(error)"])
        }
      }
      // Ends early only by cancellation, which ends the loop.
      try? await time.sleep(HealthFile.interval)
    }
    file.remove()
  }

  /// Why the worker does not make progress; nil when it does, or waits for something that may take its time.
  var stuckReason: String? {
    let now = time.now()
    let unheeding = inHand.values.filter { $0.settled.map { now - $0 > Self.heedLimit } ?? false }
    if let work = unheeding.first {
      return
        "the handler of process \(work.assignment.process.id) does not end, although its work was given up"
    }
    if let turn, now - turn > Self.turnLimit { return "the loop has stood still for \(now - turn)" }
    return nil
  }
}
