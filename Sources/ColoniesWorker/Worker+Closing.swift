internal import Colonies
internal import ColoniesClient
internal import Logging
internal import Timekeeping

extension Worker {
  /// What became of a write about a process.
  enum Written {
    case done
    /// The process is no longer this worker's.
    case lost(String)
    /// The server does not want this, now or later.
    case refused(ColoniesError)
  }

  /// The longest text that is sent as the reason of a failure, in bytes.
  static var reasonLimit: Int { 4096 }

  func close(_ assignment: Assignment, _ outcome: Outcome, _ logger: Logger) async {
    switch outcome {
    case .abandoned(let why): logger.warning("the process was given up", metadata: ["why": "\(why)"])
    case .failure(let reason): await closeFailed(assignment, reason, logger)
    case .output(let output):
      switch await store(output, assignment, logger) {
      case .done: logger.info("closed as successful")
      case .lost(let why): logger.warning("the result is discarded", metadata: ["why": "\(why)"])
      case .refused(let error): await closeFailed(assignment, "The result was not stored: \(error)", logger)
      }
    }
  }

  private func store(_ output: ProcessOutput, _ assignment: Assignment, _ logger: Logger) async -> Written {
    // In a fixed order, so that a repetition after a lost lease finds what is there.
    for (key, value) in output.attributes.sorted(by: { $0.key < $1.key }) {
      let written = await addAttribute(key, value, .output, assignment, logger)
      guard case .done = written else { return written }
    }
    let queue = queue
    let values = assignment.registration.api == .executor ? output.values : nil
    return await write(assignment, endingAs: .successful) { () throws(ColoniesError) in
      try await queue.closeSuccessful(
        id: assignment.process.id, output: values, key: assignment.registration.key)
    }
  }

  func closeFailed(_ assignment: Assignment, _ reason: String, _ logger: Logger) async {
    let reason = reason.truncated(toBytes: Self.reasonLimit)
    switch await storeFailure(reason, assignment, logger) {
    case .done: logger.info("closed as failed", metadata: ["reason": "\(reason)"])
    case .lost(let why):
      logger.warning("the failure is not reported", metadata: ["why": "\(why)", "reason": "\(reason)"])
    case .refused(let error):
      logger.error("could not close as failed", metadata: ["error": "\(error)", "reason": "\(reason)"])
    }
  }

  private func storeFailure(_ reason: String, _ assignment: Assignment, _ logger: Logger) async -> Written {
    if assignment.registration.api == .runtime {
      // The runtime API closes without a word, so the reason is stored first.
      let written = await addAttribute("error", reason, .error, assignment, logger)
      switch written {
      case .done: break
      case .lost: return written
      case .refused(let error): logger.error("the reason was not stored", metadata: ["error": "\(error)"])
      }
    }
    let queue = queue
    return await write(assignment, endingAs: .failed) { () throws(ColoniesError) in
      try await queue.closeFailed(
        id: assignment.process.id, errors: [reason], key: assignment.registration.key)
    }
  }

  private func addAttribute(
    _ key: String, _ value: String, _ kind: Attribute.Kind, _ assignment: Assignment, _ logger: Logger
  ) async -> Written {
    let attribute = assignment.attribute(key, value, kind)
    let queue = queue
    let written = await write(assignment, endingAs: nil) { () throws(ColoniesError) in
      _ = try await queue.addAttribute(attribute, key: assignment.registration.key)
    }
    if case .refused(let error) = written, error.code == .alreadyExists {
      // Stored by an attempt whose answer was lost, or by one whose lease ended. There is no way to change it.
      logger.debug("the attribute is there already", metadata: ["key": "\(key)"])
      return .done
    }
    return written
  }

  /// Does a write about a process, again and again until it is clear whether it was done.
  ///
  /// What has become of the process is looked for before the write is repeated, so that a close whose answer was lost
  /// is done once, and nothing is repeated to a later attempt, be it this worker's own.
  /// - Parameter state: The process's state after the write, if the write ends the process.
  func write(
    _ assignment: Assignment, endingAs state: ProcessState?,
    _ operation: () async throws(ColoniesError) -> Void
  ) async -> Written {
    var backoff = Backoff(from: .milliseconds(200), to: .seconds(5))
    var isRepetition = false
    /// Why the latest attempt failed, until the server has answered another question.
    var unanswered: ColoniesError?
    var failuresBesideAnswers = 0
    var denials = 0
    while true {
      let failure: ColoniesError
      do throws(ColoniesError) {
        if isRepetition, let written = try await look(for: assignment, endedAs: state) { return written }
        if let error = unanswered.take() {
          failuresBesideAnswers += 1
          // A server that answers everything but this one request will not answer it the next time either. One that
          // cannot be reached answers nothing, however often it is tried. There is nothing else to try instead of a
          // failure, and a process without a lease would be this worker's for ever.
          guard state == .failed || failuresBesideAnswers < Self.failureLimit else { return .refused(error) }
        }
        do throws(ColoniesError) {
          try await operation()
          connection.worked(at: time.now())
          return .done
        } catch {
          if error.isUnclear { unanswered = error }
          throw error
        }
      } catch {
        failure = error
      }
      isRepetition = true
      switch failure.code {
      case .notAssigned, .notFound: return .lost(failure.message)
      case .denied:
        switch await remedy(for: failure, of: assignment.registration) {
        case .registerAnew: return .lost("the registration is lost")
        case .repeatNow, .wait: break
        }
        denials += 1
        // Without a lease, a worker that nobody approves again would otherwise keep its process for ever.
        guard denials < Self.denialLimit else { return .lost(failure.message) }
      case .cancelled: return .lost("the work was cancelled")
      case .alreadyExists, .invalidRequest, .unsupported, .queueEmpty: return .refused(failure)
      case .tooManyRequests, .paused, .untrusted, .unreachable, .deadlineExceeded, .invalidReply,
        .serverFailure:
        noteFailure(failure)
      }
      let remaining = assignment.leaseEnd.map { $0 - time.now() }
      if let remaining, remaining <= .zero { return .lost("its lease has ended") }
      await wait(&backoff, atMost: remaining)
      guard !Task.isCancelled else { return .lost("the work was cancelled") }
    }
  }

  /// What has become of a process after a write that failed; nil when it is as it was, so that the write has to be
  /// done still.
  /// - Parameter state: The process's state if the write was done all the same and ended it.
  private func look(
    for assignment: Assignment, endedAs state: ProcessState?
  ) async throws(ColoniesError) -> Written? {
    let shown = try await queue.process(id: assignment.process.id, key: assignment.registration.key)
    if assignment.isHeld(in: shown) { return nil }
    let isOurs =
      shown.assignedExecutorID == assignment.registration.id && shown.retries == assignment.process.retries
    return shown.state == state && isOurs ? .done : .lost("it is not this worker's any more: \(shown.state)")
  }

  /// With waits of up to five seconds, some ten minutes.
  private static var denialLimit: Int { 160 }
  private static var failureLimit: Int { 10 }
}

extension ColoniesError {
  /// Whether the request itself may be what the server does not answer.
  fileprivate var isUnclear: Bool { mayHaveHappened || code == .paused || code == .untrusted }
}

extension String {
  /// The text, cut at a character's end so that it has at most this many bytes.
  func truncated(toBytes limit: Int) -> String {
    guard utf8.count > limit else { return self }
    var result = ""
    for character in self {
      guard result.utf8.count + character.utf8.count <= limit - 3 else { break }
      result.append(character)
    }
    return result + "…"
  }
}
