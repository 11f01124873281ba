internal import Colonies
internal import ColoniesClient
internal import Locking
internal import Logging
internal import Timekeeping

extension Worker {
  /// How a handler's work ended.
  enum Outcome: Sendable {
    case output(ProcessOutput)
    case failure(String)
    /// Not in time, or the worker itself was cancelled: there is nobody to tell.
    case abandoned(String)

    var isAbandoned: Bool { if case .abandoned = self { true } else { false } }
  }

  /// Has the handler work on a process that is in hand, closes the process, and waits for the handler's end.
  func work(on assignment: Assignment) async {
    var logger = logger
    logger[metadataKey: "process"] = "\(assignment.process.id)"
    logger.info("working")
    let start = time.now()
    // The runtime API has no logs.
    let progress = assignment.registration.api == .executor ? ProgressLog() : nil
    let context = context(assignment, progress, logger)
    let interruption = inHand[assignment.attempt]?.interruption ?? Interruption()
    let handler = handler
    let scoped = logger
    await withTaskGroup(of: Void.self) { sender in
      if let progress { sender.addTask { await self.send(progress, of: assignment, scoped) } }
      await withTaskGroup(of: Outcome.self) { group in
        group.addTask { await Self.outcome(of: handler, context) }
        group.addTask { await interruption.wait() ?? .abandoned("the work was cancelled") }
        if let leaseEnd = assignment.leaseEnd { group.addTask { await self.outcome(at: leaseEnd) } }
        let first = await group.next() ?? .abandoned("nothing was done")
        group.cancelAll()
        // Before the handler has returned, which may not heed its cancellation.
        if let progress, !first.isAbandoned {
          await finish(progress, of: assignment, unless: interruption)
        }
        await close(assignment, first, logger)
        settle(assignment)
      }
      sender.cancelAll()
    }
    inHand[assignment.attempt] = nil
    logger.debug("done with the process", metadata: ["after": "\(time.now() - start)"])
  }

  private func context(
    _ assignment: Assignment, _ progress: ProgressLog?, _ logger: Logger
  ) -> WorkContext {
    WorkContext(assignment, logger: logger, now: time.now) { message in
      logger.debug("progress", metadata: ["message": "\(message)"])
      progress?.add(message)
    } store: { (report) throws(ReportError) in
      try await self.store(report, of: assignment, logger)
    }
  }

  private func outcome(at leaseEnd: Duration) async -> Outcome {
    do {
      try await time.sleep(until: leaseEnd)
      return .abandoned("its lease has ended")
    } catch {
      return .abandoned("the work was cancelled")
    }
  }

  private static func outcome(of handler: Handler, _ context: WorkContext) async -> Outcome {
    do {
      return .output(try await handler(context))
    } catch let failure as ProcessFailure {
      return .failure(failure.message)
    } catch is CancellationError where Task.isCancelled {
      return .abandoned("the work was cancelled")
    } catch let error as ReportError where error.code == .lost {
      // To close the process now could only end a later attempt.
      return .abandoned(error.message)
    } catch {
      return .failure("\(error)")
    }
  }

  /// More than can be in hand at once.
  private static var expiredLimit: Int { 1024 }

  private func settle(_ assignment: Assignment) {
    inHand[assignment.attempt]?.settled = time.now()
    if let leaseEnd = assignment.leaseEnd, leaseEnd <= time.now() {
      expired = expired.suffix(Self.expiredLimit - 1) + [assignment.attempt]
    }
    if isSettled { allSettled.open() }
  }
}
