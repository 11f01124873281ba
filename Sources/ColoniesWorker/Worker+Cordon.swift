internal import Colonies
internal import ColoniesClient
internal import Logging
internal import Timekeeping

extension Worker {
  /// Whether the worker holds an order to drain.
  var isCordoned: Bool { cordon != nil }

  /// Takes nothing for as long as an order to drain stands: until it is taken back, its lease ends, or the
  /// worker itself is to drain. A worker that has work in hand gives the order back as failed, so that whoever
  /// gave it sees that the worker was not free.
  /// - Returns: Whether the registration is still there.
  func obey(_ order: Assignment) async -> Bool {
    guard inHand.isEmpty, held.isEmpty else {
      await refuse(order)
      return true
    }
    var logger = logger
    logger[metadataKey: "order"] = "\(order.process.id)"
    logger.notice("cordoned by an order to drain: taking no new processes")
    cordon = order.attempt
    defer { cordon = nil }
    while !isDraining, !Task.isCancelled {
      turn = time.now()
      let interval = Self.orderInterval * Double.random(in: 0.75...1.25, using: &randomness)
      await pause(order.leaseEnd.map { min(interval, max($0 - time.now(), .zero)) } ?? interval)
      guard !isDraining else { break }
      if let leaseEnd = order.leaseEnd, leaseEnd <= time.now() {
        logger.notice("the order to drain is over: its lease has ended")
        return true
      }
      switch await standing(of: order) {
      case .stands: continue
      case .busy:
        await refuse(order)
        return true
      case .ended(let why):
        logger.notice("the order to drain is over", metadata: ["why": "\(why)"])
        return true
      case .registrationLost: return false
      }
    }
    if isDraining { await closeFollowed(order) }
    return true
  }

  /// Closes an order whose worker is about to unregister.
  func closeFollowed(_ order: Assignment) async {
    // It may take as long as the server is away, which is no standstill.
    turn = nil
    let queue = queue
    let written = await write(order, endingAs: .successful) { () throws(ColoniesError) in
      try await queue.closeSuccessful(id: order.process.id, output: nil, key: order.registration.key)
    }
    // Nothing depends on it: an order whose worker is gone ends by itself.
    if case .refused(let error) = written {
      logger.warning("the order to drain was not closed", metadata: ["error": "\(error)"])
    }
  }

  private func refuse(_ order: Assignment) async {
    // It may take as long as the server is away, which is no standstill.
    turn = nil
    await closeFailed(order, Self.refusal, logger)
  }

  /// Why an order is given back, for whoever gave it.
  static let refusal = "busy: this worker has work in hand, so it was not drained"

  /// How often an order is looked at, more or less.
  private static var orderInterval: Duration { .seconds(1) }
  /// How long a look at an order may take.
  private static var orderDeadline: Duration { .seconds(5) }

  private enum OrderStanding: Sendable {
    /// The order stands, or nothing else is known.
    case stands
    /// The worker was given a process before the order, in an answer that was lost.
    case busy
    case ended(String)
    case registrationLost
  }

  private func standing(of order: Assignment) async -> OrderStanding {
    let time = time
    let limit = order.leaseEnd.map { min(Self.orderDeadline, $0 - time.now()) } ?? Self.orderDeadline
    return await untilDrained {
      // Too late, or cancelled: nothing else is known.
      (try? await time.within(limit) { await self.look(at: order) }) ?? .stands
    }
  }

  private func look(at order: Assignment) async -> OrderStanding {
    let registration = order.registration
    do throws(ColoniesError) {
      try await findLostProcesses(of: registration)
      guard held.isEmpty else { return .busy }
      let shown = try await queue.process(id: order.process.id, key: registration.key)
      connection.worked(at: time.now())
      return order.isHeld(in: shown) ? .stands : .ended("it is \(shown.state) now")
    } catch {
      switch error.code {
      case .notFound: return .ended("it was deleted")
      case .denied:
        if case .registerAnew = await remedy(for: error, of: registration) { return .registrationLost }
      default: noteFailure(error)
      }
      return .stands
    }
  }
}
