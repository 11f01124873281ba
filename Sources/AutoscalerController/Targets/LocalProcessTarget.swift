internal import Autoscaling
internal import Files
internal import Glibc
internal import Locking
internal import Logging
internal import Subprocess
internal import SystemPackage
internal import Timekeeping

/// Worker processes on this machine: starts them, starts them again when they crash, and drains them.
///
/// Replicas are *slots*, each with at most one process. A slot that is to go is drained: its process group gets
/// SIGTERM, on which a worker finishes the process it holds, and SIGKILL when the grace period is over. Slots
/// are drained one at a time, those without a process first, then idle workers, then, if it is not known who is
/// idle, the newest. A slot that drains does not count as a replica any more; so while one drains there may be
/// one process more than replicas, or, after a change of the target, none.
///
/// A worker leads a process group of its own. When it ends, what is left of the group is ended too.
actor LocalProcessTarget: ScalingTarget {
  /// A place for one worker process at a time.
  private struct Slot {
    let number: Int
    /// The process that runs, if one does.
    var worker: LocalWorker?
    /// Opened when the slot is to go.
    let ending = Latch()
    /// Opened when it is gone.
    let ended = Latch()
  }

  private let name: String
  private let configuration: LocalProcessConfiguration
  private let environment: LocalProcessEnvironment
  private let busyExecutors: @Sendable () async throws -> Set<String>?
  private let time: Timekeeper
  private let logger: Logger
  private let orphanGuard: OrphanGuard

  private var desired = 0
  private var slots: [Int: Slot] = [:]
  private var changes = 0
  private var launches = 0
  private var isEnded = false
  /// Whether a worker has ever told that it has registered.
  private var tellsReadiness = false
  private var stateFolder: StateFolder?
  /// Why it was not known who is idle, when that was told last.
  private var toldIgnorance: String?

  private let starts: AsyncStream<Int>
  private let startQueue: AsyncStream<Int>.Continuation
  private let surplus: AsyncStream<Void>
  private let surplusNotice: AsyncStream<Void>.Continuation

  /// Workers of which none has told by then that it has registered are taken never to tell.
  static let registrationPatience: Duration = .seconds(60)
  /// How often the rest of a process group is looked for, after its leader has ended.
  static let groupPollInterval: Duration = .milliseconds(100)

  /// - Parameter busyExecutors: The ids of the executors that hold a process now, or nil when that is not known.
  init(
    _ scaler: ScalerConfiguration, _ configuration: LocalProcessConfiguration, time: Timekeeper,
    logger: Logger, busyExecutors: @escaping @Sendable () async throws -> Set<String>?
  ) {
    name = scaler.name
    self.configuration = configuration
    environment = LocalProcessEnvironment(scaler, configuration)
    self.busyExecutors = busyExecutors
    self.time = time
    self.logger = logger
    orphanGuard = OrphanGuard(grace: configuration.gracePeriod, time: time, logger: logger)
    // Bounded by the most replicas there can be.
    (starts, startQueue) = AsyncStream.makeStream()
    (surplus, surplusNotice) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  // MARK: ScalingTarget

  func run() async {
    let orphanGuard = orphanGuard
    // What went wrong is told when a worker needs it, and then it is tried again.
    stateFolder = try? StateFolder()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [stateFolder] in await orphanGuard.run(stateFolder: stateFolder) }
      await withDiscardingTaskGroup { workers in
        workers.addTask { await self.drainSurplus() }
        for await number in starts { workers.addTask { await self.supervise(number) } }
        end()
      }
      await orphanGuard.end()
    }
    stateFolder?.remove()
  }

  func end() {
    guard !isEnded else { return }
    isEnded = true
    desired = 0
    startQueue.finish()
    surplusNotice.finish()
    for slot in slots.values where !slot.ending.isOpen { drain(slot, isIdle: nil) }
  }

  func observe() -> TargetObservation {
    for slot in slots.values { slot.worker?.log?.limitSize() }
    return TargetObservation(
      replicas: desired, ready: readyCount, revision: TargetRevision(value: "\(changes)"))
  }

  func setReplicas(_ replicas: Int, basedOn revision: TargetRevision) throws(TargetError) {
    guard !isEnded else { throw TargetError(.unavailable, "the workers of \(name) are being ended") }
    guard revision.value == "\(changes)" else {
      throw TargetError(.conflict, "the number of workers of \(name) was changed meanwhile")
    }
    changes += 1
    desired = replicas
    for _ in 0..<max(desired - active.count, 0) { addSlot() }
    surplusNotice.yield()
  }

  /// How many processes there are, those that drain included.
  var processCount: Int { slots.values.count { $0.worker != nil } }

  /// How many workers have registered; nil when they do not tell, as a program of one's own need not.
  private var readyCount: Int? {
    for slot in active {
      guard let worker = slot.worker, !worker.isRegistered else { continue }
      slots[slot.number]?.worker?.isRegistered = worker.stateFile.executorID != nil
    }
    let ready = active.count { $0.worker?.isRegistered == true }
    tellsReadiness = tellsReadiness || ready > 0
    let isSilent = active.contains { slot in
      slot.worker.map { time.now() - $0.since >= Self.registrationPatience } ?? false
    }
    return tellsReadiness || !isSilent ? ready : nil
  }

  private var active: [Slot] { slots.values.filter { !$0.ending.isOpen } }

  private func addSlot() {
    // The lowest number that is free: it names the log file, of which there are so many and no more.
    var number = 1
    while slots[number] != nil { number += 1 }
    slots[number] = Slot(number: number)
    startQueue.yield(number)
  }

  // MARK: Draining

  private func drainSurplus() async {
    for await _ in surplus {
      while active.count > desired, let (slot, isIdle) = await nextToDrain() {
        drain(slot, isIdle: isIdle)
        await slot.ended.wait()
      }
    }
  }

  /// The slot that is missed least; nil when there are no more than wanted after all.
  private func nextToDrain() async -> (slot: Slot, isIdle: Bool?)? {
    let busy = active.allSatisfy { $0.worker != nil } ? await knownBusyExecutors() : []
    guard !isEnded, active.count > desired else { return nil }
    let candidates = active.map { slot in (slot: slot, isIdle: isIdle(slot, busy)) }
    // The newest among equals has most likely done least.
    return candidates.min {
      (rank($0.isIdle, $0.slot), -($0.slot.worker?.launch ?? 0))
        < (rank($1.isIdle, $1.slot), -($1.slot.worker?.launch ?? 0))
    }
  }

  private func knownBusyExecutors() async -> Set<String>? {
    do {
      return try await busyExecutors()
    } catch {
      let reason = "\(error)"
      if reason != toldIgnorance {
        toldIgnorance = reason
        logger.warning(
          "draining the newest workers first, as it is not known which are idle: \(reason)",
          metadata: ["event": "idleUnknown"])
      }
      return nil
    }
  }

  private func rank(_ isIdle: Bool?, _ slot: Slot) -> Int {
    if slot.worker == nil { return 0 }
    return switch isIdle {
    case true?: 1
    case nil: 2
    case false?: 3
    }
  }

  /// Whether a slot's worker holds no process; nil when that is not known.
  private func isIdle(_ slot: Slot, _ busy: Set<String>?) -> Bool? {
    guard let worker = slot.worker else { return true }
    guard let busy, let id = worker.stateFile.executorID else { return nil }
    return !busy.contains(id)
  }

  private func drain(_ slot: Slot, isIdle: Bool?) {
    if let worker = slot.worker {
      var metadata = worker.metadata("workerDraining")
      metadata["idle"] = "\(isIdle.map { $0 ? "yes" : "no" } ?? "unknown")"
      logger.info("draining worker \(worker.name)", metadata: metadata)
    }
    slot.ending.open()
  }

  // MARK: Supervising

  /// Keeps one slot's process running until the slot is to go.
  private func supervise(_ number: Int) async {
    guard let slot = slots[number] else { return }
    var backoff = CrashBackoff()
    while !slot.ending.isOpen, !Task.isCancelled {
      let begin = time.now()
      let end = await runWorker(slot)
      let lifetime = time.now() - begin
      if slot.ending.isOpen || Task.isCancelled {
        report(end, lifetime: lifetime, restartIn: nil)
        break
      }
      let wait = backoff.next(lifetime: lifetime)
      report(end, lifetime: lifetime, restartIn: wait)
      await slot.ending.whileClosed { [time] in
        // Ends early only when the slot is to go.
        try? await time.sleep(wait)
      }
    }
    slots[number] = nil
    slot.ended.open()
  }

  private func report(_ end: WorkerEnd, lifetime: Duration, restartIn wait: Duration?) {
    var metadata = end.metadata
    metadata["lifetimeSeconds"] = .seconds(lifetime)
    metadata["restartInSeconds"] = wait.map { .seconds($0) }
    let restart = wait.map { "; the next one starts in \($0.spelledOut)" } ?? ""
    logger.log(level: wait == nil ? .info : .warning, "\(end.message)\(restart)", metadata: metadata)
  }

  /// Runs one process in a slot until it and its group have ended.
  private func runWorker(_ slot: Slot) async -> WorkerEnd {
    await withTaskGroup(of: WorkerEnd?.self) { group in
      group.addTask { await self.launch(slot) }
      group.addTask { [time, grace = configuration.gracePeriod] in
        await slot.ending.wait()
        guard !Task.isCancelled else { return nil }
        await self.signal(slot.number, SIGTERM)
        do {
          try await time.sleep(grace)
        } catch {
          return nil
        }
        await self.kill(slot.number)
        return nil
      }
      var end: WorkerEnd?
      while end == nil, let next = await group.next() { end = next }
      group.cancelAll()
      return end ?? .notStarted("the worker has no end")
    }
  }

  private func launch(_ slot: Slot) async -> WorkerEnd {
    let worker: LocalWorker
    let configuration: Subprocess.Configuration
    let output: CInt
    do {
      worker = try newWorker(slot.number)
      configuration = try self.configuration(for: worker)
      output = try worker.log?.open() ?? STDERR_FILENO
    } catch {
      return .notStarted("\(error)")
    }
    defer {
      if worker.log != nil { close(output) }
      worker.stateFile.remove()
    }
    do {
      let descriptor = FileDescriptor(rawValue: output)
      let result = try await Subprocess.run(
        configuration, input: .none,
        output: .fileDescriptor(descriptor, closeAfterSpawningProcess: false),
        error: .fileDescriptor(descriptor, closeAfterSpawningProcess: false)
      ) { execution in
        await self.began(worker, slot, execution.processIdentifier.value)
      }
      let processID = result.processIdentifier.value
      await endGroup(ProcessGroup(number: processID), slot)
      slots[slot.number]?.worker = nil
      await orphanGuard.remove(processID)
      return .ended(worker, processID, result.terminationStatus)
    } catch {
      slots[slot.number]?.worker = nil
      return .notStarted("\(error)")
    }
  }

  private func newWorker(_ number: Int) throws(Errno) -> LocalWorker {
    let folder: StateFolder
    if let stateFolder { folder = stateFolder } else { folder = try StateFolder() }
    stateFolder = folder
    launches += 1
    let random = String(UInt32.random(in: 0...0xFF_FFFF), radix: 16)
    let name = "\(self.name)-\(number)-\(String(repeating: "0", count: 6 - random.utf8.count))\(random)"
    let log = configuration.logDirectory.map { WorkerLog(path: "\($0)/\(self.name)-\(number).log") }
    return LocalWorker(
      name: name, launch: launches, log: log, stateFile: folder.stateFile(of: name), since: time.now())
  }

  private func configuration(
    for worker: LocalWorker
  ) throws(EnvironmentFileError) -> Subprocess.Configuration {
    let variables = try environment.variables(worker: worker.name, stateFile: worker.stateFile.path)
    var overrides: [Environment.Key: String?] = [:]
    for (name, value) in variables {
      if let key = Environment.Key(rawValue: name) { overrides[key] = .some(value) }
    }
    var options = PlatformOptions()
    options.processGroupID = 0
    // For a controller that is cancelled instead of ended.
    options.teardownSequence = [
      .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: configuration.gracePeriod)
    ]
    let program = configuration.command[0]
    return Subprocess.Configuration(
      executable: program.contains("/") ? .path(FilePath(program)) : .name(program),
      arguments: Arguments(Array(configuration.command.dropFirst())),
      environment: .inherit.updating(overrides),
      workingDirectory: configuration.workingDirectory.map { FilePath($0) }, platformOptions: options)
  }

  private func began(_ worker: LocalWorker, _ slot: Slot, _ processID: pid_t) async {
    var worker = worker
    worker.processID = processID
    slots[slot.number]?.worker = worker
    await orphanGuard.add(processID)
    logger.info("started worker \(worker.name)", metadata: worker.metadata("workerStarted"))
    // It was to go before it had a number to be signalled by.
    if slot.ending.isOpen { signal(slot.number, SIGTERM) }
  }

  // MARK: Signals

  /// Signals a worker's process group.
  private func signal(_ number: Int, _ signal: CInt) {
    // The process may have been reaped a moment ago, and its number be free. But numbers are given out in turn,
    // so this one is not in use again before the rest of this program has noticed.
    if let processID = slots[number]?.worker?.processID { ProcessGroup(number: processID).signal(signal) }
  }

  private func kill(_ number: Int) {
    guard let worker = slots[number]?.worker, worker.processID != nil else { return }
    logger.warning(
      "worker \(worker.name) did not end within \(configuration.gracePeriod.spelledOut), killing it",
      metadata: worker.metadata("workerKilled"))
    signal(number, SIGKILL)
  }

  /// Ends what a worker has left behind: a shell's child that still drains, or a crashed worker's helpers.
  private func endGroup(_ group: ProcessGroup, _ slot: Slot) async {
    guard group.isAlive else { return }
    // When the slot drains, they have been asked already.
    if !slot.ending.isOpen { group.signal(SIGTERM) }
    let deadline = time.now() + configuration.gracePeriod
    while group.isAlive {
      guard time.now() < deadline, (try? await time.sleep(Self.groupPollInterval)) != nil else {
        group.signal(SIGKILL)
        return
      }
    }
  }
}
