internal import Colonies
internal import ColoniesClient
internal import Locking
internal import Logging
internal import Timekeeping

extension Worker {
  /// What the server thinks of a registration.
  enum Standing {
    case approved, pending, rejected
    /// The server does not know it, or not any more.
    case gone
    case unknown(ColoniesError)
  }

  /// Registers and approves the worker; nil when it is to drain or is cancelled.
  /// - Throws: `WorkerError` when the server refuses for good.
  func register() async throws(WorkerError) -> Registration? {
    var isNameTaken = false
    switch state {
    case .created: break
    case .serving:
      // The server keeps the names of workers that are gone.
      isNameTaken = true
    case .registering, .draining, .stopped: return nil
    }
    guard let api = try await knownAPI() else { return nil }
    var backoff = Backoff(from: .milliseconds(100), to: .seconds(30))
    while !isDraining, !Task.isCancelled {
      let candidate = makeRegistration(api, isNameTaken: isNameTaken)
      state = .registering(candidate)
      record(candidate)
      if try await add(candidate), try await approve(candidate) {
        guard case .registering = state else { return nil }
        state = .serving(candidate)
        logger.info(
          "registered",
          metadata: ["name": "\(candidate.name)", "id": "\(candidate.id)", "api": "\(api.rawValue)"])
        return candidate
      }
      isNameTaken = true
      await pause(&backoff)
    }
    return nil
  }

  /// Gives the registration up, and with it whatever the server still counts as this worker's.
  func leave() async {
    guard case .draining(let registration) = state else { return }
    // The end of the work and the end of the grace time may come together: one does it, and the other waits for that.
    if let leaving { return await leaving.wait() }
    let leaving = Latch()
    self.leaving = leaving
    defer { leaving.open() }
    if await unregister(registration) {
      logger.info("unregistered", metadata: ["name": "\(registration.name)"])
      // Otherwise the file stays, for `unregister` or a successor to do it.
      forget()
    } else {
      logger.error("not unregistered", metadata: ["name": "\(registration.name)"])
    }
    state = .stopped
  }

  /// Returns whether the server does not know the worker any more.
  private func unregister(_ registration: Registration) async -> Bool {
    var backoff = Backoff(from: .milliseconds(200), to: .seconds(5))
    let end = time.now() + configuration.grace
    while !Task.isCancelled {
      do throws(ColoniesError) {
        if confirmedID != registration.id {
          switch await standing(of: registration) {
          case .gone: return true
          case .unknown(let error): throw error
          case .approved, .pending, .rejected: break
          }
        }
        try await queue.removeExecutor(registration.reference, key: configuration.colonyKey)
        return true
      } catch  where error.code == .notFound {
        return true
      } catch {
        noteFailure(error)
        guard error.isTransient, time.now() < end else { return false }
        await wait(&backoff)
      }
    }
    return false
  }

  func standing(of registration: Registration) async -> Standing {
    let workers: [Executor]
    do {
      workers = try await queue.executors(of: registration.colony, key: registration.key)
    } catch {
      // Workers in any state may list their colony's workers; who may not, is none.
      return error.code == .denied || error.code == .notFound ? .gone : .unknown(error)
    }
    switch workers.last(where: { $0.id == registration.id })?.state {
    case .approved?: return .approved
    case .pending?: return .pending
    case .rejected?: return .rejected
    case .unregistered?, nil: return .gone
    }
  }

  /// What to do after a denial.
  enum Remedy {
    /// The registration is lost, and with it what it held.
    case registerAnew
    /// It has been approved again: repeat the request.
    case repeatNow
    /// Nothing but waiting helps.
    case wait
  }

  /// Finds out what a denial means, and repairs what can be repaired.
  func remedy(for denial: ColoniesError, of registration: Registration) async -> Remedy {
    let obstacle: ColoniesError
    switch await standing(of: registration) {
    case .gone: return .registerAnew
    case .pending:
      do {
        try await queue.approveExecutor(registration.reference, key: configuration.colonyKey)
        return .repeatNow
      } catch {
        obstacle = error
      }
    case .unknown(let error): obstacle = error
    // Rejected by the colony's owner, who may change their mind: registering under another name would be
    // going behind their back.
    case .rejected, .approved: obstacle = denial
    }
    noteFailure(obstacle)
    return .wait
  }

  func noteFailure(_ error: ColoniesError) {
    guard error.code != .cancelled else { return }
    connection.failed(error, at: time.now())
  }

  /// Waits, also while the worker drains: for work that has to be brought to its end.
  func wait(_ backoff: inout Backoff, atMost limit: Duration? = nil) async {
    let duration = nextWait(&backoff)
    // Ends early only by cancellation, which callers look at.
    try? await time.sleep(limit.map { min($0, duration) } ?? duration)
  }

  // MARK: Steps

  private func knownAPI() async throws(WorkerError) -> API? {
    var backoff = Self.registrationBackoff
    while !isDraining, !Task.isCancelled {
      do {
        let api = try await askUntilDrained { [queue] () throws(ColoniesError) in
          try await queue.resolvedAPI()
        }
        connection.worked(at: time.now())
        return api
      } catch {
        try await retryOrThrow(error, &backoff)
      }
    }
    return nil
  }

  private func makeRegistration(_ api: API, isNameTaken: Bool) -> Registration {
    var name = configuration.name
    if isNameTaken {
      let digits = String(UInt32.random(in: 0 ... .max, using: &randomness), radix: 16)
      name += "_" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
    return Registration(key: PrivateKey(), name: name, colony: configuration.colony, api: api)
  }

  /// Returns whether the worker is now registered; if not, its name belongs to another one, or it is to drain.
  private func add(_ candidate: Registration) async throws(WorkerError) -> Bool {
    var backoff = Self.registrationBackoff
    let executor = Executor(
      id: candidate.id, type: configuration.executorType, name: candidate.name,
      colonyID: candidate.colony.id, colonyName: candidate.colony.name, cores: configuration.cores ?? 1,
      memory: configuration.memory ?? 0)
    var isRepetition = false
    while !isDraining, !Task.isCancelled {
      do {
        _ = try await queue.addExecutor(executor, key: configuration.colonyKey)
        connection.worked(at: time.now())
        confirm(candidate)
        return true
      } catch  where error.code == .alreadyExists {
        guard isRepetition else { return false }
        switch await standing(of: candidate) {
        case .gone: return false
        case .unknown(let error): try await retryOrThrow(error, &backoff)
        case .approved, .pending, .rejected:
          confirm(candidate)
          return true
        }
      } catch {
        isRepetition = true
        try await retryOrThrow(error, &backoff)
      }
    }
    return false
  }

  private func confirm(_ registration: Registration) {
    confirmedID = registration.id
    record(registration)
  }

  /// Returns whether the worker is now approved; if not, its registration is gone again.
  private func approve(_ candidate: Registration) async throws(WorkerError) -> Bool {
    var backoff = Self.registrationBackoff
    while !isDraining, !Task.isCancelled {
      do {
        try await queue.approveExecutor(candidate.reference, key: configuration.colonyKey)
        connection.worked(at: time.now())
        return true
      } catch  where error.code == .notFound {
        return false
      } catch {
        try await retryOrThrow(error, &backoff)
      }
    }
    return false
  }

  private func retryOrThrow(_ error: ColoniesError, _ backoff: inout Backoff) async throws(WorkerError) {
    guard error.isTransient || error.code == .cancelled else {
      throw WorkerError(.refused, "cannot register with \(configuration.endpoint): \(error)")
    }
    noteFailure(error)
    await pause(&backoff)
  }

  private static var registrationBackoff: Backoff { Backoff(from: .milliseconds(500), to: .seconds(15)) }

  // MARK: The state file

  private func record(_ registration: Registration) {
    guard let file = configuration.stateFile else { return }
    let isConfirmed = registration.id == confirmedID
    do {
      if let content = try file.read(), content.process != .current, content.process.isAlive {
        // Said before the registration is asked for.
        logger.log(
          level: isConfirmed ? .debug : .warning,
          "the state file is another worker's: `unregister` will not find this one",
          metadata: ["path": "\(file.path)", "pid": "\(content.process.number)"])
        return
      }
      try file.write(
        .init(
          id: registration.id, name: registration.name, process: .current,
          isConfirmed: isConfirmed))
    } catch {
      logger.error("`unregister` will not find this worker", metadata: ["error": "\(error)"])
    }
  }

  private func forget() {
    do {
      try configuration.stateFile?.remove(ifOf: .current)
    } catch {
      logger.error("the state file stays behind", metadata: ["error": "\(error)"])
    }
  }

  /// Unregisters a worker that left its state file behind and is dead, so that what it held is free at once.
  /// Tried once; what it held is free at the latest when the lease ends.
  func removePredecessor() async {
    // A file that cannot be read is reported when this worker writes its own.
    guard let content = try? configuration.stateFile?.read(), !content.process.isAlive else { return }
    do {
      try await askUntilDrained { [queue, configuration] () throws(ColoniesError) in
        try await queue.removeExecutor(of: content, in: configuration.colony, key: configuration.colonyKey)
      }
      logger.notice("unregistered a dead worker", metadata: ["name": "\(content.name)"])
    } catch {
      logger.debug("no dead worker was unregistered", metadata: ["error": "\(error)"])
    }
  }
}
