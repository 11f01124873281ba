internal import Colonies
internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore
internal import Synchronization

/// The server's HTTP side: which path does what, and the limits on bodies.
struct ServerResponder: Sendable {
  private let handler: RequestHandler
  private let limits: ServerLimits
  private let clock: ServerClock
  private let bodyBytes = BodyBudget()
  private let date = DateHeader()

  init(handler: RequestHandler, limits: ServerLimits, clock: ServerClock) {
    self.handler = handler
    self.limits = limits
    self.clock = clock
  }

  /// Answers one request.
  @concurrent func respond(
    to request: HummingbirdCore.Request, _ writer: consuming ResponseWriter
  ) async throws {
    var response = await response(to: request)
    response.headers[.date] = date.text(at: clock.now())
    try await writer.write(response: response.head, body: response.body)
  }

  private func response(to request: HummingbirdCore.Request) async -> Response {
    switch (request.method, request.uri.path) {
    case (.post, "/api"): return await answer(request)
    case (.post, "/api/"): return Response(status: .temporaryRedirect, headers: [.location: "/api"])
    case (.get, "/health"):
      return Response(status: await handler.engine.isServing ? .ok : .serviceUnavailable)
    case (.options, _):
      return Response(
        status: .noContent,
        headers: [
          .accessControlAllowOrigin: "*", .accessControlAllowMethods: "POST, OPTIONS",
          .accessControlAllowHeaders: "Content-Type",
        ])
    default: return text("404 page not found", .notFound)
    }
  }

  private func answer(_ request: HummingbirdCore.Request) async -> Response {
    // A body of unknown length reserves the most that it may have.
    let announced = request.headers[.contentLength].flatMap { Int($0) } ?? limits.bodyBytes
    guard announced <= limits.bodyBytes else { return tooLarge }
    guard bodyBytes.reserve(announced, limit: limits.bodyBytesInFlight) else {
      return response(
        Refusal(status: 503, message: "Too many large requests at once; try again").envelope, status: 503)
    }
    defer { bodyBytes.free(announced) }
    var request = request
    let body: ByteBuffer
    do {
      body = try await request.collectBody(upTo: limits.bodyBytes)
    } catch {
      return tooLarge
    }
    do {
      let call = try await handler.read(body.readableBytesView)
      // Where there is work at once, a worker keeps its connection.
      if let answer = try await handler.performAtOnce(call) { return delivering(answer) }
      return await answer(call, waitingFor: request)
    } catch {
      return refusing(error)
    }
  }

  /// Answers a call that has to wait, for as long as its client is there.
  private func answer(_ call: RequestHandler.Call, waitingFor request: HummingbirdCore.Request) async
    -> Response
  {
    var response: Response
    do {
      let handler = handler
      response = delivering(
        try await request.body.consumeWithCancellationOnInboundClose { _ in try await handler.perform(call) })
    } catch {
      response = refusing(error)
    }
    // Who has watched for the client's end reads no further request, so the connection ends with the answer. A client
    // that is not told would send its next request there, and not know whether it arrived.
    response.headers[.connection] = "close"
    return response
  }

  private func refusing(_ error: any Error) -> Response {
    let refusal = error as? Refusal ?? Refusal(status: 499, message: "The client went away")
    return response(refusal.envelope, status: refusal.status)
  }

  private var tooLarge: Response {
    let refusal = Refusal(
      status: 413, message: "The request is larger than the limit of \(limits.bodyBytes) bytes")
    return response(refusal.envelope, status: refusal.status)
  }

  /// A response that gives the process back if it cannot be written.
  private func delivering(_ answer: RequestHandler.Answer) -> Response {
    guard let grant = answer.granted else { return response(answer.envelope, status: 200) }
    let bytes = answer.envelope.encoded()
    let engine = handler.engine
    return Response(
      status: .ok, headers: Self.headers,
      body: ResponseBody(contentLength: bytes.count) { writer in
        try await Self.write(bytes, to: &writer) { await engine.release(grant) }
      })
  }

  /// Writes a whole body.
  /// - Parameter undelivered: Called when nothing of it was sent.
  @concurrent static func write(
    _ bytes: [UInt8], to writer: inout any ResponseBodyWriter, undelivered: @Sendable () async -> Void
  ) async throws {
    do {
      try await writer.write(ByteBuffer(bytes: bytes))
    } catch {
      await undelivered()
      throw error
    }
    // The body is whole already. A worker may have read it and closed the connection by now, so that this
    // fails, and then the process is its to work on.
    try await writer.finish(nil)
  }

  private func response(_ envelope: ReplyEnvelope, status: Int) -> Response {
    Response(
      status: HTTPResponse.Status(code: status), headers: Self.headers,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: envelope.encoded())))
  }

  private func text(_ text: String, _ status: HTTPResponse.Status) -> Response {
    Response(
      status: status, headers: Self.headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  private static let headers: HTTPFields = [
    .contentType: "text/plain; charset=utf-8", .accessControlAllowOrigin: "*",
  ]
}

/// Counts the bytes of request bodies in work.
private final class BodyBudget: Sendable {
  private let used = Atomic<Int>(0)

  func reserve(_ bytes: Int, limit: Int) -> Bool {
    let (_, now) = used.add(bytes, ordering: .relaxed)
    if now <= limit { return true }
    free(bytes)
    return false
  }

  func free(_ bytes: Int) { used.subtract(bytes, ordering: .relaxed) }
}
