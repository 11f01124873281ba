import Colonies
import ColoniesClient
import HTTPTransport
import JSON
import Locking

/// A server that answers each message as a test says, and keeps what it was asked.
final class FakeServer: HTTPClient {
  /// What was asked.
  struct Asked: Sendable {
    let type: MessageType
    let message: JSONValue
    /// Who signed it.
    let signer: String
  }

  typealias Answer = @Sendable (Asked) throws -> JSONValue

  private let answers: [MessageType: Answer]
  private let recorded = Locked<[Asked]>([])

  init(_ answers: [MessageType: Answer]) { self.answers = answers }

  /// What was asked so far, in order.
  var asked: [Asked] { recorded.withLock { $0 } }

  /// The reply's body for a request's body.
  func reply(to body: [UInt8]) throws -> [UInt8] {
    let envelope = try RequestEnvelope(parsing: body)
    guard let type = MessageType(rawValue: envelope.payloadType), let answer = answers[type] else {
      return Refusal(status: 403, message: "invalid rpcMsg.PayloadType").envelope.encoded()
    }
    let asked = Asked(
      type: type, message: try JSONValue(parsing: envelope.message),
      signer: (try? Signature.signer(of: envelope.payload, signature: envelope.signature)) ?? "")
    recorded.withLock { $0.append(asked) }
    do {
      let message = try answer(asked).encoded()
      return ReplyEnvelope(payloadType: type.rawValue, message: message, isError: false).encoded()
    } catch let refusal as Refusal {
      return refusal.envelope.encoded()
    }
  }

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    do {
      return HTTPResponse(status: 200, body: try reply(to: request.body))
    } catch let error as HTTPTransportError {
      throw error
    } catch {
      throw HTTPTransportError(.invalidResponse, "the fake server cannot answer: \(error)")
    }
  }

  func stream(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPStreamingResponse {
    throw HTTPTransportError(.invalidRequest, "nothing of this client is streamed")
  }
}
