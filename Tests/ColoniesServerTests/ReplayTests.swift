import Base64
import Colonies
import ColoniesTestSupport
import JSON
import Testing

@testable import ColoniesServer

/// Sessions that were recorded against real servers, sent to ours: same status, same words, except where ours
/// differs on purpose.
@Suite("Recorded sessions, played again", .timeLimit(.minutes(10)))
struct ReplayTests {
  @Test(arguments: [("2022-bb36c372", API.runtime, 130), ("v1.9-distributed", API.executor, 180)])
  func replay(folder: String, api: API, expectedCount: Int) async throws {
    let keys = Fixtures.json("keys.json")
    let server = try await TestServer(
      serverID: try #require(keys["server"]?["id"]?.string), defaultAPI: api)
    var session = ReplayedSession(server: server, keys: keys, api: api)
    for name in Fixtures.names(in: folder) {
      let recording = Fixtures.json("\(folder)/\(name)")
      try await session.play(recording, name: String(name.dropLast(5)))
      // The recording has a user here; this server has workers only.
      if name == "014_adduser_ok.json" { try await session.registerAlice() }
      await server.advance(.milliseconds(300))
    }
    #expect(session.compared >= expectedCount)
    await server.stop()
  }
}

private struct ReplayedSession {
  let server: TestServer
  let keys: JSONValue
  let api: API
  /// Ids as they were recorded, and as our server gave them.
  var ids: [String: String] = [:]
  var compared = 0

  /// Where our server answers differently, and how. The reasons are in the README.
  static let differences: [API: [String: Int]] = [
    .runtime: [
      // No database text reaches a client.
      "002_addcolony_duplicate": 400, "012_addruntime_duplicate": 400,
      "057_getprocesses_count_negative": 400, "065_addattribute_duplicate_key": 400,
      // The field's older, misspelt name is accepted as well.
      "060_getprocesses_wrong_colony_field": 200,
      // What a process demands is compared with what a runtime has: 10 cores are more than 1.
      "082_assign_targeted_ok": 400, "084_fail_ok": 403, "085_fail_again": 403, "086_close_after_fail": 403,
      // Wrong input never is an internal error.
      "145_env_null": 400,
      // Both APIs are on one port.
      "178_version_rpc_unknown": 200,
    ],
    .executor: [
      "100_addattribute_duplicate_key": 400, "087_getprocesses_count_negative": 400,
      // Unknown ids are 404.
      "038_approve_unknown": 404, "043_getexecutor_unknown": 404, "106_getattribute_unknown": 404,
      "111_addlog_unknown_process": 404, "117_getlogs_unknown_process": 404,
      "126_close_unknown": 404, "143_cancel_unknown": 404, "186_reject_unknown": 404,
      "192_removeexecutor_unknown": 404, "212_removeprocess_unknown": 404,
      // There are no users: a submitter is always a worker.
      "055_assign_by_user": 404, "084_getprocesses_unknown_initiator": 200,
      // A denial is a 403 with a reason.
      "151_getcolonystats_stranger": 403, "158_getprocesshist_stranger": 403,
      "248_env_signature_wrong_v": 403,
      // A colony's owner may read its statistics.
      "150_getcolonystats_by_colony_owner": 200,
      "235_env_null": 400, "256_env_payload_json_null": 400,
      "239_env_2022_payloadtype": 400, "240_env_empty_payloadtype": 403,
    ],
  ]

  /// Recordings of steps that depend on requests which were not recorded.
  static let incomplete: [API: Set<String>] = [
    .runtime: [
      "098_assign_targeted_at_me", "099_order_assign_0", "100_order_assign_1", "101_order_assign_2",
      "102_expiry_assign1", "106_expiry_assign2",
    ],
    .executor: [
      "160_order_assign_0", "161_order_assign_1", "162_order_assign_2", "163_order_assign_3",
      "164_order_assign_4", "168_assign_enough_resources_ok", "171_expiry_assign1", "177_expiry_assign2",
      "202_duplicate_id_assign_after_approve", "209_assign_longpoll_woken",
      // Colonies cannot be paused here.
      "206_assign_paused_no_timeout", "207_assign_paused_timeout_1",
    ],
  ]

  mutating func play(_ recording: JSONValue, name: String) async throws {
    guard let text = recording["request"]?.string, recording["path"]?.string == "/api",
      recording["method"]?.string == "POST", Self.incomplete[api]?.contains(name) == false
    else { return }
    let type = recording["payloadtype"]?.string ?? ""
    // Messages that this server does not have are refused by name; that is tested elsewhere.
    let isUnsupported = MessageType(rawValue: type) == nil && !name.contains("_env_") && type.hasSuffix("msg")
    guard !isUnsupported, let body = try rewritten(text, recording, name) else { return }
    let expectedStatus = Self.differences[api]?[name] ?? recording["reply_status"]?.int ?? 0
    let expected = recording["reply_payload_raw"]?.string ?? ""
    compared += 1
    do {
      let answer = try await server.answer(body)
      #expect(expectedStatus == 200, "\(name): was not refused")
      learn(theirs: expected, ours: answer.message)
    } catch {
      let refusal: Refusal = error
      #expect(refusal.status == expectedStatus, "\(name): \(refusal.message)")
      if Self.differences[api]?[name] == nil {
        #expect(String(decoding: refusal.envelope.message, as: UTF8.self) == expected, "\(name)")
      }
    }
  }

  mutating func registerAlice() async throws {
    let owner = try PrivateKey(hexadecimal: try #require(keys["colony1"]?["prvkey"]?.string))
    let alice = Executor(
      id: try #require(keys["user1"]?["id"]?.string), type: "user", name: "alice",
      colonyName: "colony-one")
    try await server.send(.addExecutor(alice), .executor, owner)
    try await server.send(
      .approveExecutor(ExecutorReference(name: "alice", colony: ColonyReference(name: "colony-one"))),
      .executor, owner)
  }

  /// The request with our ids and signed anew, or nil when it is about a process that only an unrecorded
  /// request made.
  private func rewritten(_ text: String, _ recording: JSONValue, _ name: String) throws -> [UInt8]? {
    let body = Array(text.utf8)
    guard !name.contains("_env_"), let signer = recording["signer"]?.string,
      let key = keys[signer]?["prvkey"]?.string
    else { return body }
    let envelope = try RequestEnvelope(parsing: body)
    guard let message = try? JSONValue(parsing: envelope.message) else { return body }
    let subject = message["processid"]?.string ?? message["attribute"]?["targetid"]?.string
    if let subject, ids[subject] == nil, !name.contains("unknown") { return nil }
    let payload = Base64.encode(message.replacing(ids).encoded())
    return RequestEnvelope(
      signature: Signature.sign(payload, with: try PrivateKey(hexadecimal: key)),
      payloadType: envelope.payloadType, payload: payload
    ).encoded()
  }

  private mutating func learn(theirs: String, ours: [UInt8]) {
    guard let theirs = try? JSONValue(parsing: theirs), let ours = try? JSONValue(parsing: ours) else {
      return
    }
    for key in ["processid", "attributeid"] {
      if let recorded = theirs[key]?.string, let given = ours[key]?.string { ids[recorded] = given }
    }
  }
}

extension JSONValue {
  /// The value with texts exchanged.
  fileprivate func replacing(_ texts: [String: String]) -> JSONValue {
    switch self {
    case .string(let text): .string(texts[text] ?? text)
    case .array(let elements): .array(elements.map { $0.replacing(texts) })
    case .object(let object):
      .object(
        JSONObject(
          object.members.map { JSONObject.Member(key: $0.key, value: $0.value.replacing(texts)) }))
    default: self
    }
  }
}
