internal import Colonies
internal import ColoniesClient
internal import Logging
internal import Timekeeping

extension Worker {
  /// How a handler's work ended.
  enum Outcome: Sendable {
    case output(ProcessOutput)
    case failure(String)
    /// Not in time, or the worker itself was cancelled: there is nobody to tell.
    case abandoned(String)
  }

  /// Has the handler work on a process and closes it, while the server hears that the worker is alive.
  func work(on assignment: Assignment) async {
    var logger = logger
    logger[metadataKey: "process"] = "\(assignment.process.id)"
    logger.info("working")
    let start = time.now()
    let scoped = logger
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        let outcome = await self.handle(assignment, scoped)
        await self.close(assignment, outcome, scoped)
      }
      if assignment.registration.api == .executor {
        // Ends when it is cancelled, or the registration is lost and the work has to be.
        group.addTask { await self.keepAlive(assignment, scoped) }
      }
      await group.next()
      group.cancelAll()
    }
    logger.debug("done with the process", metadata: ["after": "\(time.now() - start)"])
  }

  private func handle(_ assignment: Assignment, _ logger: Logger) async -> Outcome {
    let context = WorkContext(assignment, logger: logger, now: time.now)
    let handler = handler
    let time = time
    return await withTaskGroup(of: Outcome.self) { group in
      group.addTask {
        do {
          return .output(try await handler(context))
        } catch let failure as ProcessFailure {
          return .failure(failure.message)
        } catch is CancellationError where Task.isCancelled {
          return .abandoned("the work was cancelled")
        } catch {
          return .failure("\(error)")
        }
      }
      if let leaseEnd = assignment.leaseEnd {
        group.addTask {
          do {
            try await time.sleep(max(leaseEnd - time.now(), .zero))
            return .abandoned("its lease has ended")
          } catch {
            return .abandoned("the work was cancelled")
          }
        }
      }
      let first = await group.next()
      group.cancelAll()
      return first ?? .abandoned("nothing was done")
    }
  }

  /// Lets the server hear from the worker every minute or so, until the registration is lost.
  private func keepAlive(_ assignment: Assignment, _ logger: Logger) async {
    let registration = assignment.registration
    while !Task.isCancelled {
      let spread = Double.random(in: 0.9...1.1, using: &randomness)
      // Ends early only by cancellation, which ends the loop.
      try? await time.sleep(configuration.heartbeatInterval * spread)
      guard !Task.isCancelled else { return }
      do throws(ColoniesError) {
        // The only message that says "alive". No process fits into less than no processor.
        let process = try await queue.assign(
          colony: registration.colony, timeout: nil, availableCPU: "-1m", availableMemory: "",
          key: registration.key)
        logger.error("the server gave a process to a sign of life", metadata: ["other": "\(process.id)"])
        held.append(Assignment(process, held: registration, since: time.now()))
      } catch {
        switch error.code {
        case .queueEmpty, .paused: connection.worked(at: time.now())
        case .cancelled: return
        case .denied, .notFound:
          guard case .registerAnew = await remedy(for: error, of: registration) else { continue }
          logger.warning("the registration is lost, and the process with it")
          return
        default: noteFailure(error)
        }
      }
    }
  }
}
