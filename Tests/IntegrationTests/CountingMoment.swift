import Colonies
import HTTPTransport
import JSON
import Locking
import Testing

/// A way to a server on which a test can do something just before or after the server counts its processes.
final class CountingMoment: HTTPClient {
  typealias Action = @Sendable () async throws -> Void

  private let transport: HTTPTransport
  private let actions = Locked<(before: Action?, after: Action?)>((nil, nil))

  /// Whether nothing is left to be done.
  var isDone: Bool { actions.withLock { $0.before == nil && $0.after == nil } }

  init(_ transport: HTTPTransport) { self.transport = transport }

  /// Does this before the next time that the server counts.
  func before(_ action: @escaping Action) { actions.withLock { $0.before = action } }

  /// Does this after the next time that the server counts, before its answer arrives.
  func after(_ action: @escaping Action) { actions.withLock { $0.after = action } }

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    guard isCount(request) else { return try await transport.send(request) }
    let (before, after) = actions.withLock { actions in
      defer { actions = (nil, nil) }
      return actions
    }
    await perform(before)
    let response = try await transport.send(request)
    await perform(after)
    return response
  }

  func stream(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPStreamingResponse {
    try await transport.stream(request)
  }

  private func isCount(_ request: HTTPRequest) -> Bool {
    guard let envelope = try? RequestEnvelope(JSONValue(parsing: request.body)) else { return false }
    return [MessageType.getColonyStatistics, .getProcessStatistics].map(\.rawValue).contains(
      envelope.payloadType)
  }

  private func perform(_ action: Action?) async {
    do {
      try await action?()
    } catch {
      Issue.record(error)
    }
  }
}
