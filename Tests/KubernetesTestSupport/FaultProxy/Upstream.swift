internal import HTTPTransport

/// The proxy's side towards the API server.
struct Upstream: Sendable {
  let transport: HTTPTransport
  let server: String

  /// Sends a request on, and returns when the answer begins.
  func forward(
    _ request: ProxiedRequest, headers: [(name: String, value: String)], body: [UInt8]
  ) async throws -> HTTPStreamingResponse {
    let fields = HTTPHeaders(headers.map { HTTPHeaders.Field(name: $0.name, value: $0.value) })
    return try await transport.stream(
      HTTPRequest(
        request.method, server + request.target, headers: fields, body: body,
        // The client of a watch ends it.
        deadline: request.isWatch ? nil : .seconds(60)))
  }
}
