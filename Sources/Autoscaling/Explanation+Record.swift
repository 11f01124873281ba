extension Explanation {
  /// The explanation as plain fields.
  public var record: ExplanationRecord {
    ExplanationRecord(
      direction: direction, current: current, replicas: replicas, reason: reason, summary: summary,
      queue: newestReading.map(record), unknown: unknownRecord, formulas: formulas,
      limits: limits.map {
        ExplanationRecord.Limit(
          code: $0.code, text: text($0), endsInSeconds: $0.until.map { decidedAt.duration(to: $0).inSeconds })
      },
      outlook: outlook.map {
        ExplanationRecord.Change(code: $0.code, text: text($0), replicas: $0.replicas)
      },
      policy: ExplanationRecord.Policy(
        processesPerReplica: policy.processesPerReplica, min: bounds.min, max: bounds.max,
        idleForSeconds: policy.scaleDown.idleFor.inSeconds,
        stalenessLimitSeconds: policy.stalenessLimit.inSeconds),
      pausedBy: pause?.cause)
  }

  /// The newest reading, trusted or not.
  public var newestReading: QueueReading? {
    switch basis {
    case .demand(let demand): demand.reading
    case .unknown(let unknown): unknown.cause.reading
    }
  }

  private func record(_ reading: QueueReading) -> ExplanationRecord.Queue {
    ExplanationRecord.Queue(
      source: reading.source.name, waiting: reading.waiting, running: reading.running,
      finished: reading.finished, exactness: reading.exactness.rawValue,
      ageSeconds: reading.observedAt.duration(to: decidedAt).inSeconds)
  }

  private var unknownRecord: ExplanationRecord.Unknown? {
    guard case .unknown(let unknown) = basis else { return nil }
    return ExplanationRecord.Unknown(
      cause: unknown.cause.code, message: text(unknown.cause), polls: unknown.polls,
      forSeconds: unknown.since.map { $0.duration(to: decidedAt).inSeconds },
      lastKnownSecondsAgo: unknown.lastKnownAt.map { $0.duration(to: decidedAt).inSeconds })
  }
}

extension UnknownCause {
  /// A stable name for logs and JSON.
  public var code: String {
    switch self {
    case .pending: "pending"
    case .failed: "failed"
    case .stale: "stale"
    case .fromFuture: "fromFuture"
    case .suspicious(let suspicion, _, _): suspicion.rawValue
    }
  }

  /// The reading that is not trusted, if there is one.
  public var reading: QueueReading? {
    switch self {
    case .pending, .failed: nil
    case .stale(let reading), .fromFuture(let reading), .suspicious(_, let reading, _): reading
    }
  }
}
