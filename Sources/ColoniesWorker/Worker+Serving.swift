internal import Colonies
internal import ColoniesClient
internal import Logging
internal import Timekeeping

extension Worker {
  /// What the loop that takes processes does next.
  private enum Step {
    case begin(Assignment)
    case again
    /// The worker drains and has nothing more to begin.
    case drained
    /// The registration is lost, and with it what the worker held.
    case lost
  }

  /// Takes and works on processes until the registration is lost, the worker has drained, or the task is
  /// cancelled.
  func serve(_ registration: Registration) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.takeAndWork(registration) }
      if registration.api == .executor {
        // Ends when it is cancelled, or the registration is lost and the work has to be.
        group.addTask { await self.keepAlive(registration) }
      }
      await group.next()
      group.cancelAll()
    }
    held = []
    turn = nil
  }

  /// Only this loop asks for work, so that an order to drain finds the worker either free or not.
  private func takeAndWork(_ registration: Registration) async {
    await withTaskGroup(of: Void.self) { group in
      var waits = Waits()
      // Work that was begun and whose end was not noticed here: no less than what is in hand.
      var begun = 0
      while !Task.isCancelled {
        if begun == configuration.concurrency {
          turn = nil
          await group.next()
          begun -= 1
        }
        switch await nextStep(registration, &waits) {
        case .begin(let assignment):
          begin(assignment)
          group.addTask { await self.work(on: assignment) }
          begun += 1
        case .again: continue
        case .drained:
          turn = nil
          return
        case .lost:
          turn = nil
          group.cancelAll()
          return
        }
      }
    }
  }

  private func nextStep(_ registration: Registration, _ waits: inout Waits) async -> Step {
    turn = time.now()
    if isDraining { return await nextStepOfDraining(registration) }
    if !held.isEmpty {
      let assignment = held.removeFirst()
      guard DrainOrder.isDrain(assignment.process) else { return .begin(assignment) }
      return await obey(assignment) ? .again : .lost
    }
    do throws(ColoniesError) {
      try await findLostProcesses(of: registration)
      guard held.isEmpty else { return .again }
      let sent = time.now()
      let process = try await take(as: registration)
      connection.worked(at: time.now())
      waits = Waits()
      held.append(Assignment(process, held: registration, since: time.now()))
      logger.debug("took a process", metadata: ["process": "\(process.id)", "after": "\(time.now() - sent)"])
    } catch {
      return await recover(from: error, registration, &waits) ? .again : .lost
    }
    return .again
  }

  /// What the worker was given in the moment it was told to drain, or in an answer that was lost.
  private func nextStepOfDraining(_ registration: Registration) async -> Step {
    // What would be begun now could not be ended any more.
    if hasHandedBack { return .drained }
    if let order = held.firstIndex(where: { DrainOrder.isDrain($0.process) }) {
      await closeFollowed(held.remove(at: order))
      return .again
    }
    guard !held.isEmpty || uncertainty != nil else { return .drained }
    // Unregistering, which comes next, gives to others at once what this worker has not begun. While it still
    // works it does not unregister, so what it was given would wait for nothing.
    if isSettled, await releasesOnRemoval(registration) { return .drained }
    if !held.isEmpty { return .begin(held.removeFirst()) }
    do throws(ColoniesError) {
      try await findLostProcesses(of: registration)
    } catch {
      if error.code == .denied || error.code == .notFound,
        case .registerAnew = await remedy(for: error, of: registration)
      {
        return .lost
      }
      noteFailure(error)
    }
    if held.isEmpty, uncertainty != nil {
      if isSettled {
        // Ends early only by cancellation, which the loop looks at.
        try? await time.sleep(.seconds(1))
      } else {
        await untilSettled(atMost: .seconds(1))
      }
    }
    return .again
  }

  private func begin(_ assignment: Assignment) {
    // An attempt whose lease has ended, although this worker's clock does not say so yet.
    for (attempt, work) in inHand where attempt.processID == assignment.process.id {
      work.interruption.interrupt(.abandoned("its lease has ended, and another attempt has begun here"))
    }
    inHand[assignment.attempt] = WorkInHand(assignment: assignment)
  }

  // MARK: Signs of life

  /// Lets the server hear from a busy worker every minute or so, until the registration is lost. A worker that
  /// asks for work is heard already.
  private func keepAlive(_ registration: Registration) async {
    while !Task.isCancelled {
      let interval = configuration.heartbeatInterval * Double.random(in: 0.9...1.1, using: &randomness)
      let left = lastHeard + interval - time.now()
      // Ends early only by cancellation, which ends the loop.
      try? await time.sleep(left > .zero ? left : interval)
      let isDue = time.now() - lastHeard >= configuration.heartbeatInterval * 0.9
      guard !Task.isCancelled, isDue, needsSignsOfLife else { continue }
      guard await sendSignOfLife(registration) else { return }
    }
  }

  /// Whether it may be long until the worker asks for work.
  private var needsSignsOfLife: Bool { !inHand.isEmpty || isCordoned }

  /// Lets the server hear from the worker. What does not get through is soon sent again: after an outage that may be
  /// the last moment before the server takes the worker for gone.
  /// - Returns: Whether the registration is still there.
  private func sendSignOfLife(_ registration: Registration) async -> Bool {
    var backoff = Backoff(from: .seconds(1), to: .seconds(15))
    repeat {
      let sent = time.now()
      do throws(ColoniesError) {
        // The only message that says "alive". No process fits into less than no processor.
        let process = try await queue.assign(
          colony: registration.colony, timeout: nil, availableCPU: "-1m", availableMemory: "",
          key: registration.key)
        logger.error("the server gave a process to a sign of life", metadata: ["process": "\(process.id)"])
        held.append(Assignment(process, held: registration, since: time.now()))
      } catch {
        switch error.code {
        case .queueEmpty, .paused: connection.worked(at: time.now())
        case .cancelled: return true
        case .denied, .notFound:
          guard case .registerAnew = await remedy(for: error, of: registration) else { break }
          logger.warning("the registration is lost, and what was being worked on with it")
          return false
        default:
          noteFailure(error)
          await wait(&backoff)
          continue
        }
      }
      lastHeard = max(lastHeard, sent)
      return true
    } while !Task.isCancelled && needsSignsOfLife
    return true
  }
}
