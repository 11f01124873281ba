/// The queue that workers take their processes from, with the rules of a Colonies server.
///
/// The process with the smallest priority time is first: the time of its submission, less a day for each step of
/// priority. A process that comes back keeps it, so that it is in front of those submitted later. What runs
/// counts as running until it is closed, or comes back: also while its worker is dead.
public struct SimulatedQueue: Sendable, Hashable {
  /// How long a worker may take (`maxexectime`), after which the process is back in the queue; nil for as long
  /// as it takes. Nil unless set.
  public var lease: Duration?
  /// How often a process may come back because its lease ended before it fails (`maxretries`); nil for any
  /// number. Nil unless set. Coming back from a worker that was killed does not count, as with Colonies.
  public var maxRetries: Int?
  /// How long after a worker was killed its process is back in the queue, if its lease does not end sooner.
  ///
  /// Zero unless set, which favours those who kill: Colonies learns of a worker's end when it unregisters, which
  /// a killed one does not, or 600 seconds after its last request.
  public var recovery = Duration.zero
  /// How long an answer to the question for the queue's depth takes; 10 milliseconds unless set. The counts are
  /// those of the moment of the question.
  public var answerTime = Duration.milliseconds(10)
  /// When an answer is no longer waited for; 10 seconds after the question unless set. Matters where
  /// ``SimulatedFault`` delays answers.
  public var deadline = Duration.seconds(10)

  /// Creates a queue with the defaults.
  public init() {}
}
