internal import ColoniesClient
internal import Logging

/// Notices when requests begin to fail and when they succeed again, and logs that, not each attempt.
struct Connection {
  private enum State {
    case working
    case failing(ColoniesError.Code, since: Duration)
  }

  private let logger: Logger
  private var state = State.working

  init(logger: Logger) { self.logger = logger }

  mutating func failed(_ error: ColoniesError, at now: Duration) {
    if case .failing(error.code, _) = state {
      logger.debug("the server still fails", metadata: ["error": "\(error)"])
      return
    }
    let since = if case .failing(_, let since) = state { since } else { now }
    state = .failing(error.code, since: since)
    logger.warning(
      "a request failed; it is tried again for as long as it takes", metadata: ["error": "\(error)"])
  }

  mutating func worked(at now: Duration) {
    guard case .failing(_, let since) = state else { return }
    state = .working
    logger.notice("requests succeed again", metadata: ["after": "\(now - since)"])
  }
}
