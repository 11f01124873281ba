internal import Colonies
internal import ColoniesClient
internal import Locking
internal import Logging
internal import Timekeeping

extension Worker {
  /// Whether nothing more will be written about any process in hand.
  var isSettled: Bool { inHand.values.allSatisfy { $0.settled != nil } }

  /// Gives up what is not done, as the configuration's `unfinished` says, and the registration with it. A
  /// result that is on its way to the server arrives first, if it takes no longer than most of `rest`.
  ///
  /// A server that does not give a removed worker's processes to others (upstream, 2022) is no help: there the
  /// work goes on until most of `rest` has passed.
  func handBack(within rest: Duration) async {
    guard case .draining(let registration) = state else { return }
    hasHandedBack = true
    switch configuration.unfinished {
    case .fail:
      logger.warning("the work does not end in time: closing it as failed")
      interrupt(.failure(Self.unfinishedReason))
    case .release where await releasesOnRemoval(registration):
      logger.warning("the work does not end in time: handing it back to the server")
      interrupt(.abandoned("the worker has to end, and hands it back"))
    case .release:
      logger.warning(
        "the work does not end in time, and this server gives it to nobody before its lease ends: going on")
    }
    await untilSettled(atMost: configuration.unfinished == .fail ? rest : rest * 0.75)
    // Unregistering would have what could not be closed as failed begun again.
    if configuration.unfinished == .fail, !isSettled { return }
    await leave()
  }

  /// What the person who submitted a process reads when the worker had to end and `WORKER_UNFINISHED` is `fail`.
  static let unfinishedReason =
    "The worker had to end before the work was done, and is configured not to have it done again "
    + "(WORKER_UNFINISHED=fail). Submit the process again if it may run twice."

  /// Whether the server gives to others at once what a worker holds that unregisters. Asked when it matters; no
  /// answer counts as no.
  func releasesOnRemoval(_ registration: Registration) async -> Bool {
    if registration.api == .executor { return true }
    if let known = knownToRelease { return known }
    do {
      let answer = try await queue.answersExecutorAPI()
      knownToRelease = answer
      return answer
    } catch {
      noteFailure(error)
      return false
    }
  }

  private func interrupt(_ outcome: Outcome) {
    for work in inHand.values { work.interruption.interrupt(outcome) }
  }

  /// Waits until nothing more is written about what is in hand, for no longer than `limit`.
  func untilSettled(atMost limit: Duration) async {
    guard !isSettled else { return }
    // Others may wait for the same.
    if allSettled.isOpen { allSettled = Latch() }
    let time = time
    await allSettled.whileClosed {
      // Ends early only by cancellation, when all is settled.
      try? await time.sleep(limit)
    }
  }
}
