import JSON
import TestSupport
import Testing
import YAML

@Suite("Writing YAML")
struct YAMLWriterTests {
  @Test("objects and lists are blocks, and what is empty is on its line")
  func blocks() {
    let value: JSONValue = [
      "a": 1, "b": ["c": true, "d": []], "e": [["f": "g", "h": [1, 2]], [["i": nil]], "j"], "k": [:],
    ]
    #expect(
      value.yaml == """
        a: 1
        b:
          c: true
          d: []
        e:
          - f: g
            h:
              - 1
              - 2
          - - i: null
          - j
        k: {}

        """)
  }

  @Test(
    "a text that could be anything else is in quotes",
    arguments: [
      "", "1", "1e3", "true", "Yes", "null", "a: b", "- a", "a #b", "a ", "\n", "~", "é", "*x", "0x1", ".5",
    ])
  func quotes(text: String) {
    #expect(JSONValue.string(text).yaml == JSONValue.string(text).text() + "\n")
  }

  @Test("what is written is read back: 2,000 random values")
  func roundTrip() throws {
    var random = SplitMix64(seed: 7)
    for _ in 0..<2_000 {
      let value = JSONValue.random(depth: 3, using: &random)
      let node = try YAMLParser().parse(value.yaml, file: "random")
      #expect(node.json == value, "\(value.yaml)")
    }
  }
}

extension YAMLNode {
  fileprivate var json: JSONValue {
    switch content {
    case .sequence(let elements): return .array(elements.map(\.json))
    case .mapping(let mapping):
      return .object(JSONObject(mapping.entries.map { JSONObject.Member(key: $0.key, value: $0.value.json) }))
    case .scalar(let scalar):
      if scalar.isNull { return .null }
      if let boolean = scalar.boolean { return .bool(boolean) }
      if let integer = scalar.integer { return .integer(integer) }
      return .string(scalar.text)
    }
  }
}

extension JSONValue {
  fileprivate static func random(depth: Int, using random: inout SplitMix64) -> JSONValue {
    let texts = [
      "", "a", "yes", "true", "null", "1", "-", "a: b", "two words", "#", "\"", "\\", "line\nbreak", "é",
      "{}", "- x",
      "trailing ", " leading", "a:b", "x#y", "!tag", "&a", "%", "@", "`",
    ]
    let count = Int.random(in: 0...3, using: &random)
    switch Int.random(in: depth > 0 ? 0...6 : 0...4, using: &random) {
    case 0: return .null
    case 1: return .bool(.random(using: &random))
    case 2: return .integer(Int.random(in: -99...99, using: &random))
    case 3, 4: return .string(texts.randomElement(using: &random) ?? "")
    case 5: return .array((0..<count).map { _ in .random(depth: depth - 1, using: &random) })
    default:
      var object = JSONObject()
      for key in texts.filter({ !$0.isEmpty }).shuffled(using: &random).prefix(count) {
        object.append(key, .random(depth: depth - 1, using: &random))
      }
      return .object(object)
    }
  }
}
