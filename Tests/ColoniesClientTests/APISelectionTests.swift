import Colonies
import ColoniesClient
import HTTPTransport
import Testing

@Suite("Which API a server has", .timeLimit(.minutes(10)))
struct APISelectionTests {
  private func client(answering refusal: Refusal?) -> ColoniesClient {
    ColoniesClient(
      endpoint: Endpoint(host: "localhost", port: 1, usesTLS: false), transport: OneAnswer(refusal: refusal))
  }

  @Test("a server that answers its version has the executor API")
  func executor() async throws {
    #expect(try await client(answering: nil).resolvedAPI() == .executor)
  }

  @Test(
    "a server that refuses the signature or the name of the message has the runtime API",
    arguments: ["Invalid signature length", "invalid rpcMsg.PayloadType"])
  func runtime(message: String) async throws {
    let client = client(answering: Refusal(status: 403, message: message))
    #expect(try await client.resolvedAPI() == .runtime)
  }

  @Test("a server that cannot answer now is not taken to have either", arguments: [429, 500, 503])
  func unknown(status: Int) async {
    let client = client(answering: Refusal(status: status, message: "try again"))
    let error = await #expect(throws: ColoniesError.self) { try await client.resolvedAPI() }
    #expect(error?.isTransient == true)
  }
}

/// A server that refuses everything for one reason, or nothing.
private struct OneAnswer: HTTPClient {
  let refusal: Refusal?

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    let reply =
      refusal?.envelope
      ?? ReplyEnvelope(payloadType: "versionmsg", message: Array("{}".utf8), isError: false)
    return HTTPResponse(status: refusal?.status ?? 200, body: reply.encoded())
  }

  func stream(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPStreamingResponse {
    throw HTTPTransportError(.invalidRequest, "nothing of this client is streamed")
  }
}
