internal import Colonies
internal import ColoniesClient
internal import Logging
internal import Timekeeping

extension Worker {
  /// The waits of the loop that takes processes.
  struct Waits {
    /// The queue is empty and the server does not hold the request until it is not.
    var idle = Backoff(from: .milliseconds(200), to: .seconds(2))
    /// The server does not answer, or refuses.
    var failing = Backoff(from: .milliseconds(500), to: .seconds(15))
    /// The colony's owner has rejected the worker. Each attempt costs the server a list of all workers.
    var denied = Backoff(from: .seconds(1), to: .seconds(15))
  }

  /// Waits for what went wrong with a request for work.
  /// - Returns: Whether the registration is still there.
  func recover(
    from error: ColoniesError, _ registration: Registration, _ waits: inout Waits
  ) async -> Bool {
    switch error.code {
    case .queueEmpty:
      connection.worked(at: time.now())
      waits.failing.reset()
      waits.denied.reset()
      // A server that held the request has done the waiting.
      if registration.api == .runtime || time.now() - lastHeard < .seconds(1) {
        await pause(&waits.idle)
      } else {
        waits.idle.reset()
      }
    case .denied, .notFound:
      switch await remedy(for: error, of: registration) {
      case .registerAnew:
        logger.warning(
          "the registration is lost: registering anew", metadata: ["name": "\(registration.name)"])
        return false
      case .repeatNow: break
      case .wait: await pause(&waits.denied)
      }
    case .cancelled: break
    default:
      // Also what only somebody's help can change (a paused colony, an untrusted certificate): that help may
      // come, and a worker that ended would be started again by whoever started it.
      noteFailure(error)
      await pause(&waits.failing)
    }
    return true
  }

  func take(as registration: Registration) async throws(ColoniesError) -> Process {
    let sent = time.now()
    lastHeard = sent
    let queue = queue
    let colony = registration.colony
    let key = registration.key
    do throws(ColoniesError) {
      switch registration.api {
      case .runtime:
        // Answered at once, so there is nothing to give up when the worker is to drain.
        return try await queue.assign(
          colony: colony, timeout: nil, availableCPU: "", availableMemory: "", key: key)
      case .executor:
        let (cpu, memory) = offer
        let timeout = configuration.pollTimeout
        return try await askUntilDrained { () throws(ColoniesError) in
          try await queue.assign(
            colony: colony, timeout: timeout, availableCPU: cpu, availableMemory: memory, key: key)
        }
      }
    } catch {
      // A server may grant a request whose answer nobody receives any more.
      if error.mayHaveHappened {
        let until = error.code == .deadlineExceeded ? nil : time.now() + holdTime
        uncertainty = Uncertainty(since: uncertainty?.since ?? sent, until: until)
      }
      throw error
    }
  }

  /// For how long a server may hold a request for work, and a little more.
  private var holdTime: Duration { .seconds(configuration.pollTimeout + 1) }

  /// What the configuration offers, less what the processes in hand have asked for.
  private var offer: (cpu: String, memory: String) {
    var milliCPU = configuration.cores.map { $0 * 1000 }
    var mebibytes = configuration.memory
    for work in inHand.values {
      let conditions = work.assignment.process.spec.conditions
      // The server has read them already: what it did not understand, it did not assign.
      if let used = try? ResourceQuantity.milliCPU(conditions.cpu) { milliCPU? -= used }
      if let used = try? ResourceQuantity.mebibytes(conditions.memory) { mebibytes? -= used }
    }
    return (
      milliCPU.map { ResourceQuantity.cpuText(milliCPU: max($0, 0)) } ?? "",
      mebibytes.map { ResourceQuantity.memoryText(mebibytes: max($0, 0)) } ?? ""
    )
  }

  /// Looks whether the server has given the worker a process in an answer that never came.
  func findLostProcesses(of registration: Registration) async throws(ColoniesError) {
    guard let uncertainty else { return }
    let asked = time.now()
    // What is done while the server is asked may still be shown as running.
    let known = knownAttempts
    let (running, isWhole) = try await processesRunning(on: registration)
    for process in running {
      let assignment = Assignment(process, held: registration, since: uncertainty.since)
      guard !known.contains(assignment.attempt), !knownAttempts.contains(assignment.attempt) else { continue }
      logger.notice(
        "found a process that a lost answer gave to this worker", metadata: ["process": "\(process.id)"])
      held.append(assignment)
    }
    if let until = uncertainty.until, asked >= until {
      self.uncertainty = nil
      return
    }
    if uncertainty.until == nil { self.uncertainty?.until = time.now() + holdTime }
    // What this search did not find was not this worker's when it was asked for.
    if isWhole { self.uncertainty?.since = asked }
  }

  /// What the server shows as this worker's, and whether that is certain to be all of it.
  private func processesRunning(
    on registration: Registration
  ) async throws(ColoniesError) -> (processes: [Process], isWhole: Bool) {
    let query = ProcessQuery(
      colony: registration.colony, state: .running, count: Self.listLimit,
      executorType: configuration.executorType)
    let listed: [Process]
    do throws(ColoniesError) {
      listed = try await queue.processes(query, key: registration.key)
    } catch {
      if error.code == .deadlineExceeded { uncertainty?.until = nil }
      throw error
    }
    let own = listed.filter { $0.assignedExecutorID == registration.id }
    guard listed.count >= Self.listLimit else { return (own, true) }
    // The list is cut off, in the executor API before what was assigned last.
    let history = HistoryQuery(
      colony: registration.colony, executorID: registration.id, seconds: Self.longAgo, state: .running)
    do throws(ColoniesError) {
      return (try await queue.history(history, key: registration.key), true)
    } catch {
      // Servers of the first days have no history. There a lost process may go unseen, and is free when its lease ends.
      guard error.code == .unsupported else { throw error }
      return (own, false)
    }
  }

  private var knownAttempts: Set<Assignment.Attempt> {
    Set(inHand.keys).union(held.map(\.attempt)).union(expired).union(cordon.map { [$0] } ?? [])
  }

  /// How many processes a server lists at most.
  private static var listLimit: Int { 100 }
  /// Ten years, in seconds: longer than any process has waited.
  private static var longAgo: Int { 315_360_000 }
}
