internal import Colonies
internal import JSON

/// Turns a request's body into a reply: envelope, signature, message, engine.
struct RequestHandler: Sendable {
  let engine: QueueEngine
  /// The API to assume where neither the message nor its sender's registration tells.
  let defaultAPI: API
  private let rateLimiter: RateLimiter
  private let clock: ServerClock

  init(engine: QueueEngine, defaultAPI: API, limits: ServerLimits, clock: ServerClock = .system) {
    self.engine = engine
    self.defaultAPI = defaultAPI
    self.clock = clock
    rateLimiter = RateLimiter(requestsPerSecond: limits.requestsPerSecond)
  }

  /// A request that was read and whose sender is known.
  struct Call: Sendable {
    var request: Request
    var api: API
    var callerID: String
    var payloadType: String

    /// Whether the answer may take its time, so that the caller may go away meanwhile.
    var mayWait: Bool {
      if case .assign(let assign) = request { return assign.timeout > 0 }
      return false
    }

    /// The same call for somebody who does not wait.
    fileprivate var withoutWaiting: Call {
      guard mayWait, case .assign(var assign) = request else { return self }
      assign.timeout = -1
      var call = self
      call.request = .assign(assign)
      return call
    }
  }

  /// What is answered.
  typealias Answer = (envelope: ReplyEnvelope, granted: Reply.Grant?)

  /// Reads a body.
  /// - Throws: `Refusal` in the protocol's order of checks: body, signature, type, message.
  func read(_ body: some Collection<UInt8> & Sendable) async throws(Refusal) -> Call {
    let envelope: RequestEnvelope
    do {
      let value = try JSONValue(parsing: body)
      guard value != .null else { throw Refusal(status: 400, message: "failed to parse JSON") }
      envelope = try RequestEnvelope(value)
    } catch let refusal as Refusal {
      throw refusal
    } catch {
      throw Refusal(status: 400, message: "\(error)")
    }
    let type = MessageType(rawValue: envelope.payloadType)
    let callerID = type?.isUnsigned == true ? "" : try signer(of: envelope, type)
    let caller = await engine.caller(callerID)
    guard rateLimiter.admits(caller.isKnown ? callerID : "", at: clock.now()) else {
      throw Refusal(status: 429, message: "Too many requests from this identity in one second")
    }
    let callerAPI = caller.api ?? defaultAPI
    guard let type else { throw unknownType(envelope.payloadType, callerAPI) }
    let (request, api) = try Request.decode(type, text: envelope.message, callerAPI: callerAPI)
    return Call(request: request, api: api, callerID: callerID, payloadType: envelope.payloadType)
  }

  /// Does what a call asks.
  func perform(_ call: Call) async throws(Refusal) -> Answer {
    let reply = try await engine.handle(call.request, api: call.api, callerID: call.callerID)
    let message = try await engine.finish(reply)
    return (
      ReplyEnvelope(payloadType: call.payloadType, message: message, isError: false), reply.granted
    )
  }

  /// Does what a call asks if that needs no waiting.
  /// - Returns: Nil when it does.
  func performAtOnce(_ call: Call) async throws(Refusal) -> Answer? {
    do {
      return try await perform(call.withoutWaiting)
    } catch {
      guard call.mayWait, error == .queueEmpty(call.api) else { throw error }
      return nil
    }
  }

  private func signer(of envelope: RequestEnvelope, _ type: MessageType?) throws(Refusal) -> String {
    do {
      return try Signature.signer(of: envelope.payload, signature: envelope.signature)
    } catch {
      throw Refusal(status: 403, message: error.message(type?.exclusiveAPI ?? defaultAPI))
    }
  }

  private func unknownType(_ name: String, _ api: API) -> Refusal {
    switch api {
    case .runtime: Refusal(status: 403, message: "invalid rpcMsg.PayloadType")
    case .executor:
      Refusal(
        status: 403,
        message: "invalid rpcMsg.PayloadType: " + (name.isEmpty ? "empty (is the client configured?)" : name))
    }
  }
}
