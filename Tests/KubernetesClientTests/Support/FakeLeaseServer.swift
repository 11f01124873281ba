import HTTPTransport
import JSON
import KubernetesClient
import Locking

/// A server with one lease, which it keeps and tells of as the API server does.
final class FakeLeaseServer: Sendable {
  private struct State {
    var lease: Lease?
    var version = 0
    var watches: [FakeWatch] = []
    let watchBegan = Latch()

    mutating func store(_ new: Lease) -> Lease {
      version += 1
      var stored = new
      stored.metadata.resourceVersion = String(version)
      lease = stored
      for watch in watches { watch.push(event("MODIFIED", stored.json)) }
      return stored
    }
  }

  private let state = Locked(State())
  let isBroken = Locked(false)
  /// Whether the lease may not be watched.
  let isWatchForbidden = Locked(false)

  var lease: Lease? { state.withLock { $0.lease } }

  /// Somebody else writes the lease.
  func put(_ lease: Lease) { state.withLock { _ = $0.store(lease) } }

  /// Returns when somebody watches, and everybody who does has taken in what there was to tell; or when the task is
  /// cancelled.
  func untilTold() async {
    while !Task.isCancelled {
      let (watches, began) = state.withLock { ($0.watches, $0.watchBegan) }
      guard watches.isEmpty else {
        for watch in watches { await watch.untilTold() }
        return
      }
      await began.wait()
    }
  }

  var http: FakeHTTPClient { FakeHTTPClient { [self] request, _ in answer(request) } }

  private func answer(_ request: HTTPRequest) -> FakeHTTPClient.Answer {
    if isBroken.withLock({ $0 }) { return .status(500, "InternalError") }
    if request.url.contains("fieldSelector") { return follow(request) }
    let body = (try? JSONValue(parsing: request.body)).flatMap { try? Lease($0) }
    return state.withLock { state in
      switch (request.method, state.lease, body) {
      case (.get, let lease?, _): return .json(200, lease.json)
      case (.get, nil, _), (.put, nil, _): return .status(404, "NotFound")
      case (.post, _?, _): return .status(409, "AlreadyExists")
      case (.put, let lease?, let new?) where new.metadata.resourceVersion != lease.metadata.resourceVersion:
        return .status(409, "Conflict")
      case (_, _, let new?): return .json(200, state.store(new).json)
      default: return .status(400, "BadRequest")
      }
    }
  }

  /// Lists or watches. Every watch begins where the list before it ended, as nothing happens in between here.
  private func follow(_ request: HTTPRequest) -> FakeHTTPClient.Answer {
    if isWatchForbidden.withLock({ $0 }) { return .status(403, "Forbidden") }
    return state.withLock { state in
      guard request.url.contains("watch=true") else {
        return .json(200, list(state.lease.map { [$0.json] } ?? [], version: state.version))
      }
      let watch = FakeWatch()
      state.watches.append(watch)
      state.watchBegan.open()
      return .body(HTTPBody { () async throws(HTTPTransportError) in try await watch.next() })
    }
  }
}

/// A watch's answer, which goes on for as long as the reader does.
private final class FakeWatch: Sendable {
  private struct State {
    var lines: [String] = []
    /// Opened when there is something to tell.
    var news = Latch()
    /// Opened when everything was told, and the reader is back for more.
    var told = Latch()
  }

  private let state = Locked(State())

  func push(_ line: String) {
    let news = state.withLock { state in
      state.lines.append(line)
      if state.told.isOpen { state.told = Latch() }
      return state.news
    }
    news.open()
  }

  func untilTold() async { await state.withLock { $0.told }.wait() }

  func next() async throws(HTTPTransportError) -> [UInt8] {
    while true {
      let (lines, latches) = state.withLock { state in
        let lines = state.lines
        state.lines = []
        if lines.isEmpty, state.news.isOpen { state.news = Latch() }
        return (lines, (news: state.news, told: state.told))
      }
      if !lines.isEmpty { return Array(lines.joined().utf8) }
      latches.told.open()
      await latches.news.wait()
      if Task.isCancelled { throw HTTPTransportError(.cancelled, "cancelled") }
    }
  }
}
