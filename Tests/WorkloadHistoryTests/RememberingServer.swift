import Colonies
import HTTPTransport
import JSON

/// A server that remembers processes, and tells them as servers do: those of a state submitted since some seconds, or a
/// list of at most 100.
struct RememberingServer: HTTPClient {
  let api: API
  /// All processes, the oldest first.
  let processes: [Process]
  /// The present.
  let now: Timestamp
  /// The most processes in one answer; more are left out, as the embedded server does it.
  var mostInAnswer = Int.max
  /// From so many processes on the answer is refused.
  var refusesFrom = Int.max
  /// Why the history is not told at all.
  var historyRefusal: Refusal?

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    do {
      let envelope = try RequestEnvelope(parsing: request.body)
      let message = try JSONValue(parsing: envelope.message)
      do {
        let reply = try answer(MessageType(rawValue: envelope.payloadType), message)
        return HTTPResponse(
          status: 200,
          body: ReplyEnvelope(payloadType: envelope.payloadType, message: reply.encoded(), isError: false)
            .encoded())
      } catch let refusal as Refusal {
        return HTTPResponse(status: refusal.status, body: refusal.envelope.encoded())
      }
    } catch {
      throw HTTPTransportError(.invalidResponse, "\(error)")
    }
  }

  private func answer(_ type: MessageType?, _ message: JSONValue) throws -> JSONValue {
    let state = message["state"]?.int
    let all = processes.filter { $0.state.rawValue == state }
    switch type {
    case .getProcessHistory:
      if let historyRefusal { throw historyRefusal }
      let since = now + .seconds(-(message["seconds"]?.int ?? 0))
      let found = all.filter { $0.submissionTime.map { $0 >= since } ?? false }
      guard found.count < refusesFrom else { throw Refusal(status: 500, message: "out of memory") }
      return .nullIfEmpty(found.prefix(mostInAnswer).map { $0.json(api) })
    case .getProcesses:
      guard let count = message["count"]?.int, count <= 100 else {
        throw Refusal(status: 400, message: "Count is larger than MaxCount limit <100>")
      }
      return .nullIfEmpty(all.reversed().prefix(count).map { $0.json(api) })
    default: throw Refusal(status: 400, message: "not known")
    }
  }

  func stream(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPStreamingResponse {
    throw HTTPTransportError(.invalidRequest, "nothing of this client is streamed")
  }
}
