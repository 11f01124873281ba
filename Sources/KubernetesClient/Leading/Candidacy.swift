/// What one candidate knows about a lease, and what follows from it. Holds no clock and does no I/O.
struct Candidacy: Sendable {
  /// What to do next about the lease.
  enum Step: Sendable, Equatable {
    /// Make the lease: there is none.
    case create(Lease)
    /// Replace the lease: take it, or renew it.
    case replace(Lease)
    /// Read it: it is not known, or not any more.
    case read
    /// Leave it alone: somebody else holds it.
    case wait
  }

  let identity: String
  let timing: ElectionTiming
  let name: String
  let namespace: String

  private enum Knowledge: Sendable {
    case nothing
    /// There is no lease, and it may be made from this moment on.
    case absent(until: Duration)
    /// This is how the lease was, and since when it has been so at least.
    case seen(Lease, since: Duration)
  }

  private var knowledge = Knowledge.nothing
  /// Whether the lease can be written as it is known. If not, it has to be read first.
  private var isFresh = false
  /// Whether a write was tried since it was last certain that somebody else holds the lease, or nobody.
  private var mayHold = false
  /// Until when this candidate leads.
  private(set) var heldUntil: Duration?

  init(identity: String, name: String, namespace: String, timing: ElectionTiming) {
    self.identity = identity
    self.name = name
    self.namespace = namespace
    self.timing = timing
  }

  /// Who holds the lease, as far as that is known.
  var holder: String? {
    guard case .seen(let lease, _) = knowledge, !lease.holderIdentity.isEmpty else { return nil }
    return lease.holderIdentity
  }

  func leads(at now: Duration) -> Bool { heldUntil.map { now < $0 } ?? false }

  /// What to do now.
  /// - Parameter date: The present by the calendar, for people who look at the lease.
  mutating func step(at now: Duration, date: KubernetesTime) -> Step {
    guard isFresh else { return .read }
    switch knowledge {
    case .nothing: return .read
    case .absent(let until):
      guard now >= until else { return wait() }
      mayHold = true
      return .create(
        Lease(
          metadata: ObjectMeta(name: name, namespace: namespace), holderIdentity: identity,
          leaseDurationSeconds: timing.wholeSeconds, acquireTime: date, renewTime: date, leaseTransitions: 0))
    case .seen(let lease, let since):
      var next = lease
      next.holderIdentity = identity
      next.leaseDurationSeconds = timing.wholeSeconds
      next.renewTime = date
      if lease.holderIdentity != identity {
        if !lease.holderIdentity.isEmpty, now < since + patience(with: lease) { return wait() }
        next.acquireTime = date
        next.leaseTransitions = lease.leaseTransitions + 1
      }
      mayHold = true
      return .replace(next)
    }
  }

  /// How long it takes until the lease may be taken or made, as far as is known; nil when it is this candidate's,
  /// or nobody has to be waited for.
  func wait(at now: Duration) -> Duration? {
    let end: Duration
    switch knowledge {
    case .nothing: return nil
    case .absent(let until): end = until
    case .seen(let lease, let since):
      guard ![identity, ""].contains(lease.holderIdentity) else { return nil }
      end = since + patience(with: lease)
    }
    return end > now ? end - now : nil
  }

  /// Its holder may be one that asks for more time than this candidate would.
  private func patience(with lease: Lease) -> Duration {
    max(timing.duration, .seconds(lease.leaseDurationSeconds))
  }

  private mutating func wait() -> Step {
    isFresh = false
    return .wait
  }

  /// Takes what was read.
  /// - Parameter now: After the answer, because the lease may have changed just before.
  mutating func found(_ lease: Lease?, at now: Duration) {
    isFresh = true
    if lease?.holderIdentity != identity { mayHold = false }
    learn(lease, at: now)
  }

  /// Takes what a watch told. It may be late: nothing is written upon it, and it says nothing to who leads. What is
  /// late makes this candidate wait longer, never shorter.
  mutating func noticed(_ lease: Lease?, at now: Duration) {
    guard !leads(at: now), lease?.holderIdentity != identity else { return }
    isFresh = false
    learn(lease, at: now)
  }

  private mutating func learn(_ lease: Lease?, at now: Duration) {
    switch (knowledge, lease) {
    case (.seen(let known, let since), let lease?) where known.isSameTerm(as: lease):
      knowledge = .seen(lease, since: since)
    case (_, let lease?):
      knowledge = .seen(lease, since: now)
      if lease.holderIdentity != identity { heldUntil = nil }
    case (.absent, nil): break
    case (.nothing, nil): knowledge = .absent(until: now)
    case (.seen, nil):
      // Somebody took it away. While this candidate leads, nobody else does; otherwise somebody may lead who does
      // not know it yet.
      knowledge = .absent(until: leads(at: now) ? now : now + timing.duration)
    }
  }

  /// Takes the answer to a write that succeeded.
  /// - Parameters:
  ///   - sent: When it was sent: others may have seen it since then.
  ///   - now: When the answer came.
  mutating func wrote(_ lease: Lease, sent: Duration, at now: Duration) {
    isFresh = true
    knowledge = .seen(lease, since: now)
    heldUntil = lease.holderIdentity == identity ? sent + timing.renewDeadline : nil
  }

  /// Takes note that a write may or may not have happened, or that somebody else was quicker. Leadership, if
  /// there is any, lasts as long as it did before.
  mutating func isUncertain() { isFresh = false }

  /// Ends leadership here, at once.
  /// - Returns: Whether the lease may be this candidate's: then the others are to be told.
  mutating func resign() -> Bool {
    heldUntil = nil
    defer { mayHold = false }
    return mayHold
  }
}

extension Lease {
  /// The lease as its holder leaves it: anybody may take it now.
  func released(at date: KubernetesTime) -> Lease {
    var lease = self
    lease.holderIdentity = ""
    lease.leaseDurationSeconds = 1
    lease.renewTime = date
    return lease
  }

  /// Whether nothing has been said by the holder in between. Labels are nobody's renewal.
  fileprivate func isSameTerm(as other: Lease) -> Bool {
    holderIdentity == other.holderIdentity && renewTime == other.renewTime
      && acquireTime == other.acquireTime && leaseTransitions == other.leaseTransitions
      && metadata.uid == other.metadata.uid
  }
}
