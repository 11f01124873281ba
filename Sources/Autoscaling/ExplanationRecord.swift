/// An explanation as plain fields, to be encoded as JSON; times are relative to the decision, in seconds.
public struct ExplanationRecord: Sendable, Hashable, Codable {
  /// A reading of the queue.
  public struct Queue: Sendable, Hashable, Codable {
    /// Where it comes from.
    public let source: String
    /// Waiting processes.
    public let waiting: Int
    /// Running processes.
    public let running: Int
    /// Processes that ever ended, if known.
    public let finished: Int?
    /// How the counts relate to the queue.
    public let exactness: String
    /// How old it was.
    public let ageSeconds: Double
  }

  /// A time in which the queue is unknown.
  public struct Unknown: Sendable, Hashable, Codable {
    /// A stable name of the cause: `pending`, `failed`, `stale`, `fromFuture` or a ``Suspicion``.
    public let cause: String
    /// The cause for people.
    public let message: String
    /// Polls in a row that left it unknown.
    public let polls: Int
    /// How long it has been unknown.
    public let forSeconds: Double?
    /// How old the last trusted reading is.
    public let lastKnownSecondsAgo: Double?
  }

  /// A limit that applied.
  public struct Limit: Sendable, Hashable, Codable {
    /// A stable name.
    public let code: String
    /// The limit for people.
    public let text: String
    /// When it ends if nothing else changes.
    public let endsInSeconds: Double?
  }

  /// Something that would change the outcome.
  public struct Change: Sendable, Hashable, Codable {
    /// A stable name.
    public let code: String
    /// The change for people.
    public let text: String
    /// The replicas it would lead to, if that is known.
    public let replicas: Int?
  }

  /// The policy that applied.
  public struct Policy: Sendable, Hashable, Codable {
    /// Processes per replica.
    public let processesPerReplica: Int
    /// The fewest replicas.
    public let min: Int
    /// The most replicas.
    public let max: Int
    /// The keep-alive.
    public let idleForSeconds: Double
    /// The age from which a reading says nothing.
    public let stalenessLimitSeconds: Double
  }

  /// Where the decision goes.
  public let direction: Decision.Direction
  /// The replicas before.
  public let current: Int
  /// The replicas decided.
  public let replicas: Int
  /// The main reason.
  public let reason: ScalingReason
  /// The decision in one line.
  public let summary: String
  /// The newest reading, if there is one, trusted or not.
  public let queue: Queue?
  /// Why the queue is unknown; nil when it is known.
  public let unknown: Unknown?
  /// The formulas with their numbers.
  public let formulas: [ScalingFormula]
  /// What kept the decision from following demand.
  public let limits: [Limit]
  /// What would change the outcome.
  public let outlook: [Change]
  /// The policy.
  public let policy: Policy
  /// Who paused the scaler.
  public let pausedBy: String?
}
