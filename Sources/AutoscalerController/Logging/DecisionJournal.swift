internal import Autoscaling
internal import Logging

/// Chooses what is worth a line in the log: each change, and each new reason why nothing changes.
///
/// A reason that comes back soon is not told again, so that a queue that goes to and fro fills no disk. What
/// is left out can be seen with the log level `debug`.
struct DecisionJournal {
  private struct Line {
    var cause: String
    var at: ScalingInstant
  }

  /// How long a reason that was told stays told.
  static let repetition: Duration = .seconds(60)

  private let isDryRun: Bool
  /// The last line for each reason that nothing changed.
  private var lines: [ScalingReason: Line] = [:]
  private var failures: [TargetError.Code: Line] = [:]
  private var previous: ScalingReason?
  /// The last change that a dry run did not make: it stays due, and is told once.
  private var proposal: (current: Int, replicas: Int)?
  /// The decisions since the last line.
  private var untold = 0
  /// Whether the last thing that was told is a reason to worry.
  private var isWorried = false

  init(isDryRun: Bool) { self.isDryRun = isDryRun }

  /// Writes a line about a decision, if it is worth one.
  /// - Returns: Whether it was.
  @discardableResult
  mutating func record(_ explanation: Explanation, _ logger: Logger) -> Bool {
    let level = level(explanation)
    previous = explanation.reason
    var metadata = explanation.metadata
    if isDryRun { metadata["dryRun"] = .stringConvertible(true) }
    guard let level else {
      untold += 1
      logger.debug("\(isDryRun ? "dry run: " : "")\(explanation.summary)", metadata: metadata)
      return false
    }
    if untold > 0 { metadata["decisionsSinceLastLine"] = .stringConvertible(untold) }
    untold = 0
    isWorried = level == .warning
    logger.log(level: level, "\(isDryRun ? "dry run: " : "")\(explanation.summary)", metadata: metadata)
    return true
  }

  /// Writes a line about a target that could not be read or changed, if it is worth one.
  mutating func record(_ error: TargetError, at now: ScalingInstant, _ logger: Logger) {
    guard !isTold(failures[error.code], cause: error.message, now: now) else { return }
    failures[error.code] = Line(cause: error.message, at: now)
    isWorried = true
    logger.error(
      "\(error.message)", metadata: ["event": "targetFailed", "reason": "\(error.code.rawValue)"])
  }

  private mutating func level(_ explanation: Explanation) -> Logger.Level? {
    guard explanation.direction == .hold else {
      let proposed = (current: explanation.current, replicas: explanation.replicas)
      if isDryRun, let proposal, proposal == proposed { return nil }
      proposal = proposed
      return explanation.reason.isWorrying ? .warning : .info
    }
    proposal = nil
    let reason = explanation.reason
    // Nothing to tell, unless it ends a worry.
    if reason.isQuiet { return isWorried ? .info : nil }
    let cause = explanation.failureMessage ?? ""
    let line = lines[reason]
    guard reason != previous || line?.cause != cause,
      !isTold(line, cause: nil, now: explanation.decidedAt)
    else { return nil }
    lines[reason] = Line(cause: cause, at: explanation.decidedAt)
    return reason.isWorrying ? .warning : .info
  }

  /// Whether a line is recent, and says the same where that matters.
  private func isTold(_ line: Line?, cause: String?, now: ScalingInstant) -> Bool {
    guard let line, line.at.duration(to: now) < Self.repetition else { return false }
    return cause == nil || line.cause == cause
  }
}

extension ScalingReason {
  /// Whether all is as it should be.
  var isQuiet: Bool {
    switch self {
    case .steady, .atMinimum, .withinTolerance, .readingPending: true
    default: false
    }
  }

  /// Whether somebody should look at it.
  var isWorrying: Bool {
    switch self {
    case .capacityShort, .readingFailed, .readingStale, .readingSuspicious, .fallbackHeld, .fallbackRaised,
      .fallbackLowered,
      .ownedByOther:
      true
    default: false
    }
  }
}

extension Explanation {
  /// What went wrong with the reading, in words that stay the same while it is the same.
  fileprivate var failureMessage: String? {
    guard case .unknown(let unknown) = basis else { return nil }
    if case .failed(let failure) = unknown.cause { return failure.message }
    return unknown.cause.code
  }

  /// The decision for machines.
  var metadata: Logger.Metadata {
    var metadata: Logger.Metadata = [
      "event": "decision", "reason": "\(reason.rawValue)", "direction": "\(direction.rawValue)",
      "current": .stringConvertible(current), "desired": .stringConvertible(replicas),
    ]
    if let reading = newestReading {
      metadata["waiting"] = .stringConvertible(reading.waiting)
      metadata["running"] = .stringConvertible(reading.running)
      metadata["finished"] = reading.finished.map { .stringConvertible($0) }
      metadata["ageSeconds"] = .seconds(reading.observedAt.duration(to: decidedAt))
    }
    if case .unknown(let unknown) = basis {
      metadata["unknown"] = "\(unknown.cause.code)"
      metadata["unknownPolls"] = .stringConvertible(unknown.polls)
    }
    return metadata
  }
}
