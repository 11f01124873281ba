import Testing
import YAML

@Suite("Reading YAML strictly")
struct YAMLReaderTests {
  private enum Mode: String, CaseIterable {
    case local, cluster
  }

  private struct Pool: Equatable {
    var name: String
    var min = 0
    var max = 10
    var dryRun = false
    var every = Duration.seconds(2)
    var mode = Mode.local
  }

  private func pool(_ node: StrictNode) -> Pool? {
    node.mapping { pool in
      let name = pool.required("name")?.string(length: 1...8)
      let min = pool.optional("min")?.integer(in: 0...100)
      let max = pool.optional("max")?.integer(in: 1...Int.max)
      let dryRun = pool.optional("dryRun")?.boolean()
      let every = pool.optional("every")?.duration(in: .seconds(1) ... .seconds(3_600))
      let mode = pool.optional("mode")?.choice(of: Mode.self)
      guard let name else { return nil }
      return Pool(
        name: name, min: min ?? 0, max: max ?? 10, dryRun: dryRun ?? false, every: every ?? .seconds(2),
        mode: mode ?? .local)
    }
  }

  private func pools(_ text: String) throws(YAMLError) -> [Pool] {
    try YAMLReader().read(text, file: "config.yaml") { root in
      root.mapping { $0.required("scalers")?.list(count: 1...3, pool) }
    }
  }

  private func problems(_ text: String) -> [String] {
    do throws(YAMLError) {
      _ = try pools(text)
      return []
    } catch {
      return error.description.split(separator: "\n").map(String.init)
    }
  }

  @Test("a correct text becomes its value, with defaults")
  func reads() throws {
    let text =
      "scalers:\n- {name: 007, min: 2, max: 5, dryRun: true, every: 1m30s, mode: cluster}\n- name: \"b\""
    let expected = [
      Pool(name: "007", min: 2, max: 5, dryRun: true, every: .seconds(90), mode: .cluster), Pool(name: "b"),
    ]
    #expect(try pools(text) == expected)
  }

  @Test("all problems come at once, in the order of the text")
  func allProblems() {
    let text = """
      scalers:
        - name: a
          min: two
          max: 0
          maxx: 3
        - min: "5"
          dryRun: yes
          every: 30
          mode: locl
      extra: 1
      """
    #expect(
      problems(text) == [
        "config.yaml:3:10: scalers[0].min: must be an integer, got \"two\"",
        "config.yaml:4:10: scalers[0].max: must be at least 1, got 0",
        "config.yaml:5:5: scalers[0].maxx: is not a known key; did you mean \"max\"?",
        "config.yaml:6:5: scalers[1]: required key \"name\" is missing",
        "config.yaml:6:10: scalers[1].min: must be an integer, got \"5\"; remove the quotes",
        "config.yaml:7:13: scalers[1].dryRun: must be true or false, got \"yes\"",
        "config.yaml:8:12: scalers[1].every: must be a duration like 250ms, 30s, 5m or 1h30m, got 30; add the unit",
        "config.yaml:9:11: scalers[1].mode: must be one of local, cluster, got \"locl\"; did you mean \"local\"?",
        "config.yaml:10:1: extra: is not a known key; known keys are scalers",
      ])
  }

  @Test(
    "each kind of mismatch says what was expected",
    arguments: [
      ("", "config.yaml:1:1: must be a mapping, got nothing"),
      ("- 1", "config.yaml:1:1: must be a mapping, got a list"),
      ("scalers: x", "config.yaml:1:10: scalers: must be a list, got a single value"),
      ("scalers: []", "config.yaml:1:10: scalers: must have from 1 to 3 elements, has 0"),
      ("scalers: [1]", "config.yaml:1:11: scalers[0]: must be a mapping, got a single value"),
      ("scalers: [{name: }]", "config.yaml:1:18: scalers[0].name: must be a string, got nothing"),
      ("scalers: [{name: ''}]", "config.yaml:1:18: scalers[0].name: must not be empty"),
      (
        "scalers: [{name: secretsecret}]",
        "config.yaml:1:18: scalers[0].name: must have from 1 to 8 characters, has 12"
      ),
      ("scalers: [{name: !x a}]", "config.yaml:1:18: scalers[0].name: must have no tag, got \"!x\""),
      ("scalers: [{name: a, min: 101}]", "config.yaml:1:26: scalers[0].min: must be from 0 to 100, got 101"),
      ("scalers: [{name: a, min: [1]}]", "config.yaml:1:26: scalers[0].min: must be an integer, got a list"),
      (
        "scalers: [{name: a, min: 99999999999999999999}]",
        "config.yaml:1:26: scalers[0].min: must be from 0 to 100, got 99999999999999999999"
      ),
      (
        "scalers: [{name: a, every: 2h}]",
        "config.yaml:1:28: scalers[0].every: must be from 1s to 1h, got 2h"
      ),
      (
        "scalers: [{name: a, \"a.b\\e[\": 1}]",
        "config.yaml:1:21: scalers[0][\"a.b\\u{1B}[\"]: is not a known key; "
          + "known keys are dryRun, every, max, min, mode, name"
      ),
      (
        "a: 'b",
        "config.yaml:1:6: is not YAML: found unexpected end of stream (while scanning a quoted scalar from 1:4)"
      ),
    ])
  func mismatch(text: String, message: String) {
    #expect(problems(text) == [message])
  }

  @Test("a long value is cut in the message")
  func longValue() {
    let message = problems("scalers: [{name: a, dryRun: \(String(repeating: "z", count: 500))}]").first ?? ""
    #expect(message.hasSuffix("got \"\(String(repeating: "z", count: 40))…\""))
  }

  @Test("only the first hundred problems are kept")
  func manyProblems() {
    let text = (1...150).map { "k\($0): 1" }.joined(separator: "\n")
    let lines = problems(text)
    #expect(lines.count == 101)
    #expect(lines.last == "config.yaml: and 51 more problems")
  }

  @Test("unknown keys can be ignored, allowed, or all be asked for")
  func openMappings() throws {
    let names = try YAMLReader().read("a: {x: 1}\nb: 2\nc: {z: 3, y: 4}", file: "f") { root in
      root.mapping(unknownKeys: .ignored) { root in
        root.optional("c")?.mapping { $0.all().map(\.key) }
      }
    }
    #expect(names == ["z", "y"])
    let all = try YAMLReader().read("z: 3\ny: 4", file: "f") { root in
      root.mapping { root in root.all().compactMap { key, value in value.integer().map { "\(key)=\($0)" } } }
    }
    #expect(all == ["z=3", "y=4"])
    let allowed: Int? = try YAMLReader().read("later: 1", file: "f") { root in
      root.mapping { root in
        root.allow("later")
        return 1
      }
    }
    #expect(allowed == 1)
  }

  @Test("a problem below a value is shown at the nearest position that is written")
  func reportsBelow() throws {
    let error = try #require(throws: YAMLError.self) {
      try YAMLReader().read("max: 1\nscaleDown:\n  idleFor: 9h", file: "f") { root in
        root.mapping { root -> Int? in
          root.allow("max")
          root.allow("scaleDown")
          root.report("is too long", at: "scaleDown", "idleFor")
          root.report("is needed", at: "fallback", "replicas")
          root.report("is odd")
          return 1
        }
      }
    }
    #expect(
      error.description == """
        f:1:1: fallback.replicas: is needed
        f:1:1: is odd
        f:3:12: scaleDown.idleFor: is too long
        """)
  }

  @Test("no value without a reported problem is a problem too")
  func incomplete() throws {
    let error = try #require(throws: YAMLError.self) {
      try YAMLReader().read("a", file: "f") { _ in nil as Int? }
    }
    #expect(error.description == "f:1:1: does not hold a complete value")
  }
}
