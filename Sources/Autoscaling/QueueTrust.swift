/// What is known about one queue.
public enum QueueKnowledge: Sendable, Hashable {
  /// A reading that is trusted.
  case known(QueueReading)
  /// There is none, for now.
  case unknown(UnknownBasis)
}

/// What one scaler remembers about one queue: the last reading that was trusted, and since when there was none.
struct QueueTrust: Sendable, Hashable {
  /// The last reading that was acted on.
  private var trusted: QueueReading?
  /// A suspicious reading that waits for a second one to agree with it.
  private var unconfirmed: QueueReading?
  private var streak: UnknownStreak?

  /// Takes in an observation and says what is known now.
  mutating func take(
    _ observation: QueueObservation, stalenessLimit: Duration, now: ScalingInstant
  ) -> QueueKnowledge {
    let cause: UnknownCause
    switch observation {
    case .pending: cause = .pending
    case .failure(let failure): cause = .failed(failure)
    case .reading(let reading):
      guard let distrust = distrust(reading, stalenessLimit: stalenessLimit, now: now) else {
        trusted = reading
        unconfirmed = nil
        streak = nil
        return .known(reading)
      }
      cause = distrust
    }
    return .unknown(count(cause, now: now))
  }

  /// Why a reading is not trusted; nil when it is.
  private mutating func distrust(
    _ reading: QueueReading, stalenessLimit: Duration, now: ScalingInstant
  ) -> UnknownCause? {
    let age = reading.observedAt.duration(to: now)
    if age < .zero { return .fromFuture(reading) }
    if age > stalenessLimit { return .stale(reading) }
    guard let trusted, let suspicion = Suspicion(from: trusted, to: reading), !confirms(reading) else {
      return nil
    }
    unconfirmed = reading
    return .suspicious(suspicion, reading, previous: trusted)
  }

  /// Whether a reading is a second one that agrees with the suspicious one before it.
  private func confirms(_ reading: QueueReading) -> Bool {
    guard let unconfirmed else { return false }
    return unconfirmed.observedAt < reading.observedAt && Suspicion(from: unconfirmed, to: reading) == nil
  }

  private mutating func count(_ cause: UnknownCause, now: ScalingInstant) -> UnknownBasis {
    // Readings that came too late have no poll of their own: each decision on them is one.
    let poll: ScalingInstant? =
      switch cause {
      case .pending: nil
      case .failed(let failure): failure.failedAt
      case .stale, .fromFuture: now
      case .suspicious(_, let reading, _): reading.observedAt
      }
    if let poll {
      if streak == nil {
        streak = UnknownStreak(poll: poll, now: now)
      } else {
        streak?.add(poll: poll)
      }
    }
    return UnknownBasis(
      cause: cause, polls: streak?.count ?? 0, since: streak?.since, lastKnownAt: trusted?.observedAt)
  }
}
