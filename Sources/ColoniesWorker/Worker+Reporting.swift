internal import Colonies
internal import ColoniesClient
internal import Logging
internal import Timekeeping

extension Worker {
  /// How long what a handler has reported may hold up the close of its process at most.
  private static var reportingTime: Duration { .seconds(2) }

  /// Sends what a handler reports until the log is finished.
  func send(_ progress: ProgressLog, of assignment: Assignment, _ logger: Logger) async {
    let time = time
    var isRefused = false
    await progress.drain {
      // Ends early only by cancellation, which ends the loop.
      try? await time.sleep(.seconds(1))
    } send: { entry in
      // Said once; the work goes on all the same.
      if isRefused { return true }
      do throws(ColoniesError) {
        try await queue.addLog(
          processID: assignment.process.id, message: entry, key: assignment.registration.key)
        connection.worked(at: time.now())
        return true
      } catch {
        if error.isTransient {
          noteFailure(error)
          return false
        }
        isRefused = true
        if error.code != .cancelled {
          logger.warning("progress is not logged at the server", metadata: ["error": "\(error)"])
        }
        return true
      }
    }
  }

  /// Sends the rest, for some seconds at most. The result, which comes next, matters more: it keeps half of the lease's
  /// rest, and once the work is interrupted, as by handing back, it waits for nothing.
  func finish(_ progress: ProgressLog, of assignment: Assignment, unless interruption: Interruption) async {
    let time = time
    progress.finish()
    let limit =
      assignment.leaseEnd.map { min(Self.reportingTime, ($0 - time.now()) / 2) } ?? Self.reportingTime
    // Ends early by cancellation, when all is sent.
    await progress.untilDrained {
      await interruption.whileNone { try? await time.sleep(limit) }
    }
  }

  /// Stores what a handler waits for.
  func store(
    _ report: WorkContext.Report, of assignment: Assignment, _ logger: Logger
  ) async throws(ReportError) {
    let queue = queue
    let key = assignment.registration.key
    let id = assignment.process.id
    let written: Written
    switch report {
    case .message(let message), .log(let message):
      guard assignment.registration.api == .executor else {
        throw ReportError(.unsupported, "servers of the runtime API have no logs")
      }
      written = await write(assignment, endingAs: nil) { () throws(ColoniesError) in
        try await queue.addLog(processID: id, message: message, key: key)
      }
    case .attribute(let name, let value):
      written = await write(assignment, endingAs: nil) { () throws(ColoniesError) in
        _ = try await queue.addAttribute(assignment.attribute(name, value, .output), key: key)
      }
      if case .refused(let error) = written, error.code == .alreadyExists {
        return try await compare(name, value, assignment)
      }
    }
    switch written {
    case .done: break
    case .lost(let why): throw ReportError(.lost, why)
    case .refused(let error): throw ReportError(.refused, "\(error)")
    }
  }

  /// Whether an attribute that exists is the one that was to be stored: the answer to the first attempt may have
  /// been lost.
  private func compare(
    _ name: String, _ value: String, _ assignment: Assignment
  ) async throws(ReportError) {
    let shown: Process
    do throws(ColoniesError) {
      shown = try await queue.process(id: assignment.process.id, key: assignment.registration.key)
    } catch {
      throw ReportError(.refused, "\(error)")
    }
    let existing = shown.attributes.first { $0.kind == .output && $0.key == name }?.value
    guard existing == value else {
      throw ReportError(.alreadySet, "the attribute \(name) has another value already")
    }
  }
}
