import HTTPTransport
import JSON
import KubernetesClient
import Locking

/// A server with one lease, which it keeps as the API server does.
final class FakeLeaseServer: Sendable {
  private let stored = Locked<(lease: Lease?, version: Int)>((nil, 0))
  let isBroken = Locked(false)

  var lease: Lease? { stored.withLock { $0.lease } }

  var http: FakeHTTPClient { FakeHTTPClient { [self] request, _ in answer(request) } }

  private func answer(_ request: HTTPRequest) -> FakeHTTPClient.Answer {
    if isBroken.withLock({ $0 }) { return .status(500, "InternalError") }
    let body = (try? JSONValue(parsing: request.body)).flatMap { try? Lease($0) }
    return stored.withLock { state in
      switch (request.method, state.lease, body) {
      case (.get, let lease?, _): return .json(200, lease.json)
      case (.get, nil, _), (.put, nil, _): return .status(404, "NotFound")
      case (.post, _?, _): return .status(409, "AlreadyExists")
      case (.put, let lease?, let new?) where new.metadata.resourceVersion != lease.metadata.resourceVersion:
        return .status(409, "Conflict")
      case (_, _, var new?):
        state.version += 1
        new.metadata.resourceVersion = String(state.version)
        state.lease = new
        return .json(200, new.json)
      default: return .status(400, "BadRequest")
      }
    }
  }
}
