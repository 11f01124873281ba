/// A process on its way through the queue.
struct QueuedProcess {
  /// In nanoseconds: the moment of submission, less a day for each step of priority.
  let priorityTime: SimulatedTime
  /// Its number in the order of submission.
  let number: Int
  let submittedAt: SimulatedTime
  let serviceTime: SimulatedTime
  /// How often its lease ended.
  var retries = 0
}

extension QueuedProcess: Comparable {
  static func < (left: QueuedProcess, right: QueuedProcess) -> Bool {
    left.priorityTime < right.priorityTime
      || (left.priorityTime == right.priorityTime && left.number < right.number)
  }
}

extension QueuedProcess {
  private static let day = SimulatedTime(86_400_000_000_000)

  init(_ process: SimulatedProcess, number: Int) {
    submittedAt = SimulatedTime(process.submittedAt)
    serviceTime = SimulatedTime(process.serviceTime)
    self.number = number
    let (lead, overflow) = SimulatedTime(process.priority).multipliedReportingOverflow(by: Self.day)
    let (time, carried) = submittedAt.subtractingReportingOverflow(lead)
    priorityTime = overflow || carried ? (process.priority > 0 ? .min : .max) : time
  }
}

/// The processes that wait, in the order in which workers get them.
typealias WaitingQueue = BinaryHeap<QueuedProcess>
