import Autoscaling
import JSON
import TestSupport
import Testing

@testable import DecisionRecording

@Suite("Lines of a recording")
struct RecordingEntryTests {
  private static let seeds = 0..<8 as Range<UInt64>

  @Test("what was written is what is read, whatever it is", arguments: seeds)
  func roundTrip(seed: UInt64) throws {
    var generator = try RandomRecording(seed: seed)
    for _ in 0..<15 {
      let entries: [RecordingEntry] = [
        .start(RecordingStart(program: generator.text(), wallTime: generator.duration(0...2_000_000_000))),
        .rules(
          RecordedRules(
            scaler: generator.text(), state: generator.random.element(of: RecordedRules.State.allCases),
            policy: try generator.policy())),
        .decision(
          RecordedDecision(
            scaler: generator.text(), at: generator.instant(), input: try generator.input(),
            decision: ["replicas": 3, "reason": "Steady"])),
        .limitReached(generator.random.next(in: 0...1_000_000)),
      ]
      for entry in entries {
        let line = entry.line
        #expect(line.last == UInt8(ascii: "\n"))
        #expect(!line.dropLast().contains(UInt8(ascii: "\n")), "an entry is one line")
        #expect(try RecordingEntry(line: line.dropLast()) == entry, "seed \(seed)")
      }
    }
  }

  private static let start = #""program":"p","wallTime":1"#

  @Test(
    "what is wrong with a line is said with its field",
    arguments: [
      (#"{"entry":"start""#, "is no JSON: unexpected end of JSON input at byte 16"),
      ("[]", "expected an object, found []"),
      (#"{"entry":"x"}"#, #"entry: expected one of start, rules, decision, limitReached, found "x""#),
      (
        "{\"entry\":\"start\",\"format\":1,\(start),\"more\":2}",
        "more: is not known to this program, and what it means cannot be left out"
      ),
      ("{\"entry\":\"start\",\(start)}", "format: is missing"),
      ("{\"entry\":\"start\",\"format\":1,\"format\":1,\(start)}", "format: is there twice"),
      (
        "{\"entry\":\"start\",\"format\":2,\(start)}",
        "format: is 2, written by p; this program reads format 1"
      ),
      (#"{"entry":"limitReached","limit":1.5}"#, "limit: expected a whole number, found 1.5"),
      (
        #"{"entry":"decision","scaler":"a","at":1e3,"input":{},"decision":{}}"#,
        "at: expected a number of seconds with at most 18 decimals, found 1e3"
      ),
    ])
  func problems(line: String, message: String) {
    let error = #expect(throws: RecordingError.self) { try RecordingEntry(line: line.utf8) }
    #expect(error?.description == message)
  }

  @Test("a field deep inside that is missing, wrong or unknown is refused with its path", arguments: seeds)
  func everyFieldCounts(seed: UInt64) throws {
    var generator = try RandomRecording(seed: seed)
    let entry = RecordingEntry.rules(
      RecordedRules(scaler: "a", state: .new, policy: try generator.policy()))
    let json = try JSONValue(parsing: entry.line.dropLast())
    for path in json.objectPaths {
      let extended = json.changing(path) { $0.append("surprise", 1) }
      let error = #expect(throws: RecordingError.self) {
        try RecordingEntry(line: extended.encoded())
      }
      #expect(error?.field.hasSuffix("surprise") == true)
      for index in json.members(path).indices {
        let cut = json.changing(path) { $0.members.remove(at: index) }
        #expect(throws: RecordingError.self) { try RecordingEntry(line: cut.encoded()) }
        let wrong = json.changing(path) { $0.members[index].value = [[]] }
        #expect(throws: RecordingError.self) { try RecordingEntry(line: wrong.encoded()) }
      }
    }
  }

  @Test("values that no policy can have are refused as in a configuration")
  func impossiblePolicy() throws {
    let entry = RecordingEntry.rules(
      RecordedRules(scaler: "a", state: .new, policy: try ScalingPolicy(max: 5)))
    let text = String(decoding: entry.line.dropLast(), as: UTF8.self)
    let impossible = text.replacing(#""max":5"#, with: #""max":-1"#)
    let error = #expect(throws: RecordingError.self) { try RecordingEntry(line: impossible.utf8) }
    #expect(error?.field == "policy")
    #expect(error?.message.contains("max: must be from 0 to 1000000, got -1") == true)
  }
}

extension JSONValue {
  /// The paths to every object in it, by keys and indices.
  fileprivate var objectPaths: [[String]] {
    switch self {
    case .object(let object):
      [[]] + object.members.flatMap { member in member.value.objectPaths.map { [member.key] + $0 } }
    case .array(let elements):
      elements.enumerated().flatMap { index, element in element.objectPaths.map { ["\(index)"] + $0 } }
    default: []
    }
  }

  fileprivate func members(_ path: [String]) -> [JSONObject.Member] {
    guard let key = path.first else { return object?.members ?? [] }
    let part = array == nil ? self[key] : Int(key).flatMap { self[$0] }
    return part?.members(Array(path.dropFirst())) ?? []
  }

  fileprivate func changing(_ path: [String], _ change: (inout JSONObject) -> Void) -> JSONValue {
    switch self {
    case .object(var object):
      guard let key = path.first else {
        change(&object)
        return .object(object)
      }
      for index in object.members.indices where object.members[index].key == key {
        object.members[index].value = object.members[index].value.changing(Array(path.dropFirst()), change)
      }
      return .object(object)
    case .array(var elements):
      guard let key = path.first, let index = Int(key) else { return self }
      elements[index] = elements[index].changing(Array(path.dropFirst()), change)
      return .array(elements)
    default: return self
    }
  }
}
