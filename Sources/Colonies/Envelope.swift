internal import Base64
public import JSON

/// A signed request as it travels: `{"signature", "payloadtype", "payload"}`.
public struct RequestEnvelope: Sendable, Hashable {
  /// 130 hexadecimal digits over the text of `payload`; empty on the two requests that need none.
  public var signature: String
  /// The message's name. Not covered by the signature, so servers compare it with the signed `msgtype`.
  public var payloadType: String
  /// Base64 of the message. This text, not what it decodes to, is what is signed.
  public var payload: String

  /// Puts the parts of a request together.
  public init(signature: String, payloadType: String, payload: String) {
    self.signature = signature
    self.payloadType = payloadType
    self.payload = payload
  }

  /// Reads a request's body by Go's rules.
  /// - Throws: `JSONSyntaxError` or `JSONTypeError` with the text a server answers.
  public init(parsing body: some Collection<UInt8>) throws {
    try self.init(try JSONValue(parsing: body))
  }

  /// Reads a request from its body's value by Go's rules.
  public init(_ body: JSONValue) throws(JSONTypeError) {
    let reader = try JSONReader(body, structure: "rpc.RPCMsg")
    try self.init(
      signature: reader.string("signature"), payloadType: reader.string("payloadtype"),
      payload: reader.string("payload"))
  }

  /// The request's body.
  public func encoded() -> [UInt8] {
    let body: JSONValue = [
      "signature": .string(signature), "payloadtype": .string(payloadType), "payload": .string(payload),
    ]
    return body.encoded()
  }

  /// The message's text: what `payload` decodes to.
  public var message: [UInt8] { Base64.decodePrefix(payload) }
}

/// A server's answer as it travels: `{"payloadtype", "payload", "error"}`.
public struct ReplyEnvelope: Sendable, Hashable {
  /// The name of the message that was answered, or `error`.
  public var payloadType: String
  /// The answer's text, JSON.
  public var message: [UInt8]
  /// Whether the answer is a refusal. Decides alone: some servers relay refusals with HTTP status 200.
  public var isError: Bool

  /// Puts the parts of a reply together.
  public init(payloadType: String, message: [UInt8], isError: Bool) {
    self.payloadType = payloadType
    self.message = message
    self.isError = isError
  }

  /// Reads a reply's body.
  /// - Throws: `JSONSyntaxError` or `JSONTypeError`.
  public init(parsing body: some Collection<UInt8>) throws {
    let reader = try JSONReader(try JSONValue(parsing: body), structure: "rpc.RPCReplyMsg")
    try self.init(
      payloadType: reader.string("payloadtype"), message: Base64.decodePrefix(reader.string("payload")),
      isError: reader.bool("error"))
  }

  /// The reply's body.
  public func encoded() -> [UInt8] {
    let type = JSONValue.string(payloadType).encoded()
    // The payload is most of the body: it is written where it belongs, and base64 needs no escapes.
    let start = #"{"payloadtype":"#.utf8 + type + #","payload":""#.utf8
    let end = (isError ? #"","error":true}"# : #"","error":false}"#).utf8
    let payloadCount = Base64.encodedCount(message.count)
    let count = start.count + payloadCount + end.count
    return [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
      func part(_ start: Int, _ count: Int) -> UnsafeMutableBufferPointer<UInt8> {
        UnsafeMutableBufferPointer(rebasing: output[start..<(start + count)])
      }
      _ = part(0, start.count).initialize(from: start)
      message.withUnsafeBufferPointer { Base64.encode($0, into: part(start.count, payloadCount)) }
      _ = part(start.count + payloadCount, end.count).initialize(from: end)
      initialized = count
    }
  }
}

/// A refusal in the protocol's own words.
public struct Refusal: Error, Sendable, Hashable, CustomStringConvertible {
  /// An HTTP status code; the reply carries it too.
  public var status: Int
  /// Why, in the server's words.
  public var message: String

  /// Describes a refusal.
  public init(status: Int, message: String) {
    self.status = status
    self.message = message
  }

  /// The words and the status.
  public var description: String { "\(message) (status \(status))" }

  /// The reply that carries this refusal.
  public var envelope: ReplyEnvelope {
    let body: JSONValue = ["status": .integer(status), "message": .string(message)]
    return ReplyEnvelope(payloadType: "error", message: body.encoded(), isError: true)
  }

  /// Reads the refusal out of an error reply.
  /// - Throws: `JSONSyntaxError` or `JSONTypeError`.
  public init(parsing message: [UInt8]) throws {
    let reader = try JSONReader(try JSONValue(parsing: message), structure: "rpc.Failure")
    try self.init(status: reader.int("status"), message: reader.string("message"))
  }
}
