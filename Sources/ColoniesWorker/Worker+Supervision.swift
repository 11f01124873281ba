internal import Locking
internal import Logging
internal import Timekeeping

/// What somebody outside asks of a worker's process.
public enum StopRequest: Sendable, Hashable {
  /// Drain. Can be asked any number of times.
  case drain
  /// Drain; the second time, end at once. With the signal that asked.
  case terminate(signal: Int32)

  /// What a signal asks for: `Unregistration.drainSignal` to drain, any other one to terminate.
  public init(signal: Int32) {
    self = signal == Unregistration.drainSignal ? .drain : .terminate(signal: signal)
  }
}

/// Why a worker's process has to end before its work did.
public enum ForcedEnd: Sendable, Hashable {
  /// It was told to terminate a second time, by this signal.
  case signal(Int32)
  /// The grace time is over.
  case graceEnded

  /// The status for the process to exit with: as shells have it for a signal, 3 after the grace time.
  public var exitCode: Int32 {
    switch self {
    case .signal(let signal): 128 + signal
    case .graceEnded: 3
    }
  }
}

extension Worker {
  private enum Event: Sendable {
    case finished(Result<Void, any Error>)
    case forced(ForcedEnd)
    case nothing
  }

  /// Works until a request to stop has been carried out.
  ///
  /// A request begins the configuration's grace time, in which the worker finishes what it holds. Near its end
  /// what is not done is released or closed as failed, as `unfinished` says, the registration is given up, and
  /// the worker is forced to end.
  /// - Parameters:
  ///   - requests: The requests, as signals bring them.
  ///   - forcedEnd: Ends the process, because a handler need not heed a cancellation. If it returns, the work is
  ///     cancelled and this function returns when it has ended.
  /// - Throws: What `run()` throws.
  public func run(
    until requests: some AsyncSequence<StopRequest, Never> & Sendable,
    forcedEnd: @escaping @Sendable (ForcedEnd) -> Void
  ) async throws {
    let time = time
    let grace = configuration.grace
    let handBackTime = configuration.handBackTime
    let drainRequested = drainRequested
    try await withThrowingTaskGroup(of: Event.self) { group in
      group.addTask {
        do {
          return .finished(.success(try await self.run()))
        } catch {
          return .finished(.failure(error))
        }
      }
      group.addTask {
        var terminations = 0
        for await request in requests {
          if case .terminate(let signal) = request {
            terminations += 1
            if terminations > 1 { return .forced(.signal(signal)) }
          }
          await self.drain()
        }
        return .nothing
      }
      group.addTask {
        await drainRequested.wait()
        // Ends early only by cancellation, when the worker has ended.
        try? await time.sleep(grace - handBackTime)
        guard !Task.isCancelled else { return .nothing }
        return await self.endGrace(in: handBackTime)
      }
      var isForced = false
      for try await event in group {
        switch event {
        case .nothing: continue
        case .finished(.success) where hasHandedBack:
          // What was handed back may have let the worker end in time; that it had to be is what counts.
          continue
        case .finished(let result):
          group.cancelAll()
          // What was cancelled has no other error to tell.
          return isForced ? () : try result.get()
        case .forced(let reason):
          logger.warning("ending before the work is done", metadata: ["why": "\(reason)"])
          forcedEnd(reason)
          isForced = true
          group.cancelAll()
        }
      }
    }
  }

  /// Hands the work back, for no longer than the rest of the grace time.
  private func endGrace(in rest: Duration) async -> Event {
    let time = time
    return await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.handBack(within: rest) }
      // Ends early only by cancellation.
      group.addTask { try? await time.sleep(rest) }
      await group.next()
      group.cancelAll()
      return .forced(.graceEnded)
    }
  }
}
