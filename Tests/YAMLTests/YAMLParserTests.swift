import TestSupport
import Testing
import YAML

@Suite("Parsing YAML text into nodes")
struct YAMLParserTests {
  private func parse(_ text: String, limits: YAMLLimits = YAMLLimits()) throws -> YAMLNode {
    try YAMLParser(limits: limits).parse(text, file: "a.yaml")
  }

  private func problem(_ text: String, limits: YAMLLimits = YAMLLimits()) -> String {
    do throws(YAMLError) {
      _ = try YAMLParser(limits: limits).parse(text, file: "a.yaml")
      return "parsed"
    } catch {
      return error.description
    }
  }

  @Test("scalars, lists and mappings keep order, position and style")
  func tree() throws {
    let node = try parse(
      """
      name: fib
      list:
        - 1
        - "2"
      flow: {a: [x, 'y'], b: }
      block: |
        two
        lines
      """)
    #expect(node.mapping?.entries.map(\.key) == ["name", "list", "flow", "block"])
    #expect(node["name"]?.text == "fib")
    #expect(node["list"]?[0]?.scalar == YAMLScalar(text: "1", isPlain: true))
    #expect(node["list"]?[1]?.scalar == YAMLScalar(text: "2", isPlain: false))
    #expect(node["list"]?[1]?.mark == YAMLMark(line: 4, column: 5))
    #expect(node["flow"]?["a"]?[1]?.text == "y")
    #expect(node["flow"]?["b"]?.isNull == true)
    #expect(node["flow"]?["b"]?.text == nil)
    #expect(node["block"]?.scalar == YAMLScalar(text: "two\nlines", isPlain: false))
    #expect(node.mapping?.entries[1].keyMark == YAMLMark(line: 2, column: 1))
    #expect(node["none"] == nil && node[0] == nil && node["list"]?[2] == nil && node["list"]?[-1] == nil)
  }

  @Test("a text without content is null", arguments: ["", "\n", "# nothing\n", "---\n", "\u{FEFF}"])
  func empty(text: String) throws {
    #expect(try parse(text).isNull)
  }

  @Test("columns count characters, also behind a byte order mark")
  func columns() throws {
    #expect(try parse("\u{FEFF}é: ü")["é"]?.mark == YAMLMark(line: 1, column: 4))
  }

  @Test("tags are kept")
  func tags() throws {
    let node = try parse("a: !!str 1\nb: !own 2\nc: 3")
    #expect(node["a"]?.tag == "tag:yaml.org,2002:str")
    #expect(node["b"]?.tag == "!own")
    #expect(node["c"]?.tag == nil)
  }

  @Test("an alias is replaced by the node of its anchor")
  func aliases() throws {
    let node = try parse("base: &base {cpu: 1}\nuses: [*base, *base]\n&key k: v\nl: *key")
    #expect(node["uses"]?[1]?["cpu"]?.text == "1")
    #expect(node["l"]?.text == "k")
  }

  @Test(
    "what is refused, and where",
    arguments: [
      ("a: 1\nb: 2\na: 3", "a.yaml:3:1: key \"a\" is given twice; first at 1:1"),
      ("a: {x: 1, 'x': 2}", "a.yaml:1:11: key \"x\" is given twice; first at 1:5"),
      ("a: 1\n---\nb: 2", "a.yaml:2:1: must hold one document; a second one begins here"),
      ("a: *b", "a.yaml:1:4: alias *b has no anchor &b before it"),
      ("&a [*a]", "a.yaml:1:5: alias *a has no anchor &a before it"),
      ("? [1]\n: 2", "a.yaml:1:3: a key must be text, not a list or a mapping"),
      ("x: &x {a: 1}\ny:\n  <<: *x", "a.yaml:3:3: merge keys (<<) are not supported"),
      (
        "a: 1\n b: 2",
        "a.yaml:2:3: is not YAML: mapping values are not allowed in this context"
      ),
      (
        "a:\n\t- 1",
        "a.yaml:2:1: is not YAML: found character that cannot start any token (while scanning for the next token from 2:1)"
      ),
      (
        "a: [1",
        "a.yaml:2:1: is not YAML: did not find expected ',' or ']' (while parsing a flow sequence from 1:4)"
      ),
    ])
  func refused(text: String, message: String) {
    #expect(problem(text) == message)
  }

  @Test(
    "bytes that are not UTF-8 are refused", arguments: [[0x61, 0xFF], [0xFF, 0xFE, 0x61, 0x00], [0x00]])
  func encoding(bytes: [UInt8]) throws {
    let error = try #require(throws: YAMLError.self) { try YAMLParser().parse(bytes, file: "a.yaml") }
    #expect(error.description.contains("must be UTF-8 text"))
  }

  @Test("size, depth and number of nodes are limited, at exactly the limit")
  func limits() throws {
    #expect(try parse("abc", limits: YAMLLimits(maximumBytes: 3)).text == "abc")
    #expect(
      problem("abcd", limits: YAMLLimits(maximumBytes: 3)) == "a.yaml:1:1: must be at most 3 bytes, has 4")
    _ = try parse("[[a]]", limits: YAMLLimits(maximumDepth: 3))
    #expect(
      problem("[[[a]]]", limits: YAMLLimits(maximumDepth: 3))
        == "a.yaml:1:4: is nested deeper than 3 levels")
    _ = try parse("[a, b]", limits: YAMLLimits(maximumNodes: 3))
    #expect(
      problem("[a, b, c]", limits: YAMLLimits(maximumNodes: 3))
        == "a.yaml:1:8: holds more than 3 values, counting each alias in full")
  }

  @Test("aliases of aliases count in full, in number and in depth")
  func aliasBombs() {
    var wide = "a0: &a0 x\n"
    var deep = "a0: &a0 x\n"
    for level in 1...30 {
      let previous = "*a\(level - 1)"
      wide += "a\(level): &a\(level) [\(Array(repeating: previous, count: 9).joined(separator: ", "))]\n"
      deep += "a\(level): &a\(level) [\(previous)]\n"
    }
    #expect(problem(wide).contains("holds more than 100000 values"))
    #expect(problem(deep, limits: YAMLLimits(maximumDepth: 20)).contains("nested deeper than 20 levels"))
  }

  @Test("a hundred thousand brackets are refused, not followed")
  func bracketBomb() {
    #expect(problem(String(repeating: "[", count: 100_000)).contains("nested deeper than 64 levels"))
  }

  @Test("no text makes the parser crash", arguments: 0..<8 as Range<UInt64>)
  func randomText(seed: UInt64) {
    let pieces = [
      "a", ": ", "- ", "\n", "  ", "[", "]", "{", "}", "&x ", "*x", "\"", "'", "|", ">", "!t ", "#", ",",
      "? ",
      "---\n", "...\n", "\t", "é", "%YAML 1.1\n", "<<", "~", "\u{0}",
    ]
    var random = SplitMix64(seed: seed)
    for _ in 0..<1_000 {
      let text = (0..<random.next(in: 0...40)).map { _ in pieces[random.next(in: 0...pieces.count - 1)] }
      _ = problem(text.joined())
    }
  }
}
