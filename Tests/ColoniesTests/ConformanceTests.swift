import Colonies
import ColoniesTestSupport
import JSON
import Testing

@Suite("The protocol agrees with recorded exchanges")
struct ConformanceTests {
  static let signed = Fixtures.exchanges.filter { exchange in
    exchange.signerID != nil && !exchange.name.contains("_env_")
  }

  @Test func recordingsArePresent() {
    #expect(Fixtures.exchanges.count > 400)
    #expect(Self.signed.count > 360)
  }

  @Test("every request's signature leads to its signer", arguments: signed)
  func signatures(exchange: Exchange) throws {
    let envelope = try RequestEnvelope(parsing: exchange.request.utf8)
    #expect(
      try Signature.signer(of: envelope.payload, signature: envelope.signature) == exchange.signerID)
  }

  /// Recorded messages that are complete and of a type that this package has.
  static let messages = Fixtures.exchanges.filter { exchange in
    guard let type = exchange.messageType.flatMap(MessageType.init(rawValue:)) else { return false }
    let isMalformed = ["_missing", "wrong_json_type", "msgtype", "_env_", "_string", "wrong_colony_field"]
      .contains { exchange.name.contains($0) }
    return !isMalformed && type.exclusiveAPI.map { $0 == exchange.api } ?? true
      && !exchange.name.contains("removeall_running") && !exchange.name.contains("removeall_invalid_state")
  }

  @Test("our encoding of every message means the same", arguments: messages)
  func encoding(exchange: Exchange) throws {
    let envelope = try RequestEnvelope(parsing: exchange.request.utf8)
    let type = try #require(MessageType(rawValue: envelope.payloadType))
    let (request, api) = try Request.decode(type, text: envelope.message, callerAPI: exchange.api)
    #expect(api == exchange.api)
    let recorded = try JSONValue(parsing: envelope.message)
    var ours = try #require(request.message(api)?.object)
    // Sent in addition, for servers before 7 February 2022.
    ours.members.removeAll { $0.key == "coloyid" }
    #expect(JSONValue.object(ours).withoutZeroValues == recorded.withoutZeroValues)
    #expect(
      try Request.decode(type, text: request.message(api)?.encoded() ?? [], callerAPI: api).request == request
    )
  }

  static let replies = messages.filter { $0.replyStatus == 200 && !$0.replyBody.isEmpty }

  @Test("every reply decodes and encodes to the same", arguments: replies)
  func repliesRoundTrip(exchange: Exchange) throws {
    let reply = try ReplyEnvelope(parsing: exchange.replyBody.utf8)
    #expect(!reply.isError)
    #expect(reply.payloadType == exchange.messageType)
    let recorded = try JSONValue(parsing: reply.message)
    let type = try #require(MessageType(rawValue: reply.payloadType))
    let ours = try Self.reencoded(recorded, type, exchange.api)
    #expect(ours.withoutZeroValues == recorded.withUTCTimes.withoutZeroValues)
  }

  @Test(
    "every refusal decodes",
    arguments: Fixtures.exchanges.filter {
      $0.replyStatus >= 400 && !$0.replyBody.isEmpty && $0.replyBody.hasPrefix("{")
    })
  func refusals(exchange: Exchange) throws {
    let reply = try ReplyEnvelope(parsing: exchange.replyBody.utf8)
    #expect(reply.isError && reply.payloadType == "error")
    let refusal = try Refusal(parsing: reply.message)
    #expect(refusal.status == exchange.replyStatus)
    #expect(!refusal.message.isEmpty)
    #expect(refusal.envelope.encoded() == Array(exchange.replyBody.utf8))
  }

  @Test("attribute ids follow from process, key and kind", arguments: replies)
  func attributeIDs(exchange: Exchange) throws {
    let reply = try ReplyEnvelope(parsing: exchange.replyBody.utf8)
    let recorded = try JSONValue(parsing: reply.message)
    for attribute in recorded["attributes"]?.array ?? [] {
      let value = try Attribute(JSONReader(attribute, structure: "Attribute"), api: exchange.api)
      #expect(
        Attribute.id(process: value.processID, key: value.key, kind: value.kind, api: exchange.api)
          == value.id)
    }
  }

  /// Reads a reply into the package's own types and writes it again.
  private static func reencoded(_ value: JSONValue, _ type: MessageType, _ api: API) throws -> JSONValue {
    func each(_ transform: (JSONReader) throws -> JSONValue) throws -> JSONValue {
      guard let elements = value.array else { return value }
      return .array(try elements.map { try transform(JSONReader($0, structure: "element")) })
    }
    let reader = { try JSONReader(value, structure: "reply") }
    switch type {
    case .addColony, .getColony: return try Colony(reader()).json
    case .getColonies: return try each { try Colony($0).json }
    case .addRuntime, .getRuntime, .addExecutor, .getExecutor:
      return try Executor(reader(), api: api).json(api)
    case .getRuntimes, .getExecutors: return try each { try Executor($0, api: api).json(api) }
    case .submitProcessSpec, .submitFunctionSpec, .assignProcess, .getProcess:
      return try Process(reader(), api: api).json(api)
    case .getProcesses, .getProcessHistory: return try each { try Process($0, api: api).json(api) }
    case .getProcessStatistics, .getColonyStatistics, .getStatistics:
      return try Statistics(reader(), api: api).json(api)
    case .addAttribute, .getAttribute: return try Attribute(reader(), api: api).json(api)
    case .getLogs: return try each { try LogEntry($0).json }
    case .version: return value
    default:
      #expect(value.object?.members.isEmpty == true, "an empty success is {}")
      return value
    }
  }
}

extension JSONValue {
  /// The value with every time in UTC: servers answer in their own zone, the package in UTC.
  fileprivate var withUTCTimes: JSONValue {
    switch self {
    case .object(let object):
      .object(
        JSONObject(
          object.members.map { member in
            guard
              ["time", "deadline"].contains(where: member.key.hasSuffix), let text = member.value.string,
              let time = try? Timestamp.parse(text)
            else { return JSONObject.Member(key: member.key, value: member.value.withUTCTimes) }
            return JSONObject.Member(key: member.key, value: .string(time.rfc3339))
          }))
    case .array(let elements): .array(elements.map(\.withUTCTimes))
    default: self
    }
  }
}
