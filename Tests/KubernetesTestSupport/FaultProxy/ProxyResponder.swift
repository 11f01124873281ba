internal import HTTPTransport
internal import HTTPTypes
internal import HummingbirdCore
internal import JSON
internal import Locking
internal import NIOCore

/// Answers the proxy's requests: forwards them, or lets the faults have them.
struct ProxyResponder: Sendable {
  /// A request gets no answer, or not all of it.
  private struct Unanswered: Error {}

  let upstream: Upstream
  let faults: FaultList
  let calls: CallLog

  /// Requests and answers are small; those that are larger are a mistake.
  private static let maximumBytes = 64 << 20
  private static let requestFields: [HTTPField.Name] = [.authorization, .contentType, .accept, .userAgent]
  private static let answerFields = ["Content-Type", "Retry-After", "Warning", "WWW-Authenticate"]

  @concurrent func respond(
    to request: Request, _ writer: consuming ResponseWriter, on channel: any Channel
  ) async throws {
    var request = request
    let body = try await request.collectBody(upTo: Self.maximumBytes)
    let proxied = ProxiedRequest(method: request.method.rawValue, target: request.head.path ?? "/")
    let fault = faults.take(for: proxied)
    switch fault?.action {
    case .delay(let duration): try await ContinuousClock().sleep(for: duration)
    case .reset:
      calls.record(proxied, nil)
      try await cut(channel, .reset)
    case .hang:
      calls.record(proxied, nil)
      try await hang(request, until: fault?.cleared, on: channel)
    case .status(let status, let reason, let retryAfter):
      calls.record(proxied, status)
      return try await refuse(status, reason, retryAfter, writer)
    case .loseAnswer, .half, .hangWatch, nil: break
    }

    let answer = try await forward(request, proxied, body, on: channel)
    if proxied.isWatch, answer.isSuccess {
      let silence = fault?.action == .hangWatch ? fault?.cleared : nil
      return try await pass(answer, of: request, proxied, silence, writer, on: channel)
    }
    let bytes = try await answer.body.collect(maxBytes: Self.maximumBytes)
    if fault?.action == .loseAnswer {
      calls.record(proxied, nil)
      try await cut(channel, .reset)
    }
    calls.record(proxied, answer.status)
    var head = Self.head(of: answer)
    head.headerFields[.contentLength] = String(bytes.count)
    guard fault?.action == .half else {
      return try await writer.write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
    var part = try await writer.writeHead(head)
    try await part.write(ByteBuffer(bytes: bytes.prefix(bytes.count / 2)))
    try await cut(channel, .end)
  }

  @concurrent private func forward(
    _ request: Request, _ proxied: ProxiedRequest, _ body: ByteBuffer, on channel: any Channel
  ) async throws -> HTTPStreamingResponse {
    let headers = Self.requestFields.compactMap { name in
      request.headers[name].map { (name: name.rawName, value: $0) }
    }
    do {
      return try await upstream.forward(proxied, headers: headers, body: Array(buffer: body))
    } catch {
      // The server is away; so is the proxy, for this request.
      calls.record(proxied, nil)
      try await cut(channel, .reset)
      throw error
    }
  }

  /// Passes a watch on as it comes, for as long as both sides want.
  @concurrent private func pass(
    _ answer: HTTPStreamingResponse, of request: Request, _ proxied: ProxiedRequest, _ silence: Latch?,
    _ writer: consuming ResponseWriter, on channel: any Channel
  ) async throws {
    var part: any ResponseBodyWriter = try await writer.writeHead(Self.head(of: answer))
    calls.record(proxied, answer.status)
    if let silence { try await hang(request, until: silence, on: channel) }
    let hanging = try await request.body.consumeWithCancellationOnInboundClose { _ -> Latch? in
      for try await piece in answer.body {
        if let fault = faults.take(for: proxied, isOpen: true) { return fault.cleared }
        try await part.write(ByteBuffer(bytes: piece))
      }
      return nil
    }
    guard let hanging else { return try await part.finish(nil) }
    await hanging.wait()
    try await cut(channel, .reset)
  }

  /// Leaves a request alone until its fault is cleared or its client goes away.
  @concurrent private func hang(_ request: Request, until cleared: Latch?, on channel: any Channel)
    async throws
  {
    try await request.body.consumeWithCancellationOnInboundClose { _ in await cleared?.wait() }
    try await cut(channel, .reset)
  }

  @concurrent private func refuse(
    _ status: Int, _ reason: String, _ retryAfter: Int?, _ writer: consuming ResponseWriter
  ) async throws {
    let document: JSONValue = [
      "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure",
      "message": .string("a fault of the test: \(reason)"), "reason": .string(reason),
      "code": .integer(status),
    ]
    let bytes = document.encoded()
    var fields: HTTPFields = [.contentType: "application/json", .contentLength: String(bytes.count)]
    fields[.retryAfter] = retryAfter.map(String.init)
    let head = HTTPTypes.HTTPResponse(status: .init(code: status), headerFields: fields)
    try await writer.write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  @concurrent private func cut(_ channel: any Channel, _ cut: Cut) async throws {
    // One that the client has closed by now cannot be cut, and need not be.
    try? await channel.triggerUserOutboundEvent(cut).get()
    throw Unanswered()
  }

  private static func head(of answer: HTTPStreamingResponse) -> HTTPTypes.HTTPResponse {
    var fields = HTTPFields()
    for text in answerFields {
      if let name = HTTPField.Name(text) { fields[name] = answer.headers[text] }
    }
    return HTTPTypes.HTTPResponse(status: .init(code: answer.status), headerFields: fields)
  }
}
