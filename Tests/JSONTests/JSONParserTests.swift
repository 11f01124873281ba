import JSON
import TestSupport
import Testing

@Suite("Reading JSON")
struct JSONParserTests {
  @Test(
    "errors have Go's words",
    arguments: [
      ("", "unexpected end of JSON input"),
      ("{", "unexpected end of JSON input"),
      ("[1,", "unexpected end of JSON input"),
      ("\"abc", "unexpected end of JSON input"),
      ("tru", "unexpected end of JSON input"),
      ("-", "unexpected end of JSON input"),
      ("{nope}", "invalid character 'n' looking for beginning of object key string"),
      ("{\"a\" 1}", "invalid character '1' after object key"),
      ("{\"a\":1 \"b\"}", "invalid character '\"' after object key:value pair"),
      ("[1 2]", "invalid character '2' after array element"),
      ("1 2", "invalid character '2' after top-level value"),
      ("01", "invalid character '1' after top-level value"),
      ("nope", "invalid character 'o' in literal null (expecting 'u')"),
      ("1.x", "invalid character 'x' after decimal point in numeric literal"),
      ("1ex", "invalid character 'x' in exponent of numeric literal"),
      ("-x", "invalid character 'x' in numeric literal"),
      ("\"\\x\"", "invalid character 'x' in string escape code"),
      ("\"\\u12g4\"", "invalid character 'g' in \\u hexadecimal character escape"),
      ("\"a\nb\"", "invalid character '\\n' in string literal"),
      ("\u{7f}", "invalid character '\\x7f' looking for beginning of value"),
      ("'", "invalid character '\\'' looking for beginning of value"),
    ])
  func errors(text: String, message: String) {
    #expect { try JSONValue(parsing: text) } throws: { error in
      (error as? JSONSyntaxError)?.description == message
    }
  }

  @Test(
    "values survive a round trip",
    arguments: [
      "null", "true", "false", "0", "-0.5e+10", "1795360329613977520", "\"\"", "[]", "{}",
      "[1,\"two\",3.5,true,null,{\"o\":[]}]", "{\"å\":\"世界 😀\",\"b\":{\"c\":[[[]]]}}",
    ])
  func roundTrip(text: String) throws {
    let value = try JSONValue(parsing: text)
    #expect(value.text() == text)
    #expect(try JSONValue(parsing: value.text(.indented(2))) == value)
  }

  @Test func escapesAreReadAndWrittenAsGoDoes() throws {
    let value = try JSONValue(parsing: #""\"\\\/\b\f\n\r\t\u00e5\ud83d\ude00\ud83dx""#)
    #expect(value == .string("\"\\/\u{8}\u{c}\n\r\tå😀\u{FFFD}x"))
    #expect(JSONValue.string("<a & b>\u{2028}\u{1}").text() == #""\u003ca \u0026 b\u003e\u2028\u0001""#)
  }

  @Test func nestingIsLimited() {
    let deep = String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: deep) }
    #expect(throws: Never.self) { try JSONValue(parsing: deep, maximumDepth: 600) }
  }

  @Test func keysMatchWithoutRegardToCaseAndTheLastOneWins() throws {
    let value = try JSONValue(parsing: #"{"ColonyName":"a","COLONYNAME":"b"}"#)
    #expect(value["colonyname"] == "b")
    #expect(value["colony"] == nil)
  }

  @Test func indentedTextIsGos() {
    let value: JSONValue = ["a": [], "b": [1, ["c": nil]], "d": [:]]
    #expect(
      value.text(.indented(2)) == """
        {
          "a": [],
          "b": [
            1,
            {
              "c": null
            }
          ],
          "d": {}
        }
        """)
  }

  /// Whatever bytes come in, reading ends with a value that round-trips or with an error.
  @Test("random bytes", arguments: 0..<20)
  func randomBytes(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let alphabet = Array("{}[]\",:0123456789.eE+-truefalsn \\u/\u{e5}".utf8)
    for _ in 0..<500 {
      let bytes = (0..<Int.random(in: 0..<40, using: &generator)).map { _ in
        alphabet.randomElement(using: &generator) ?? 0
      }
      guard let value = try? JSONValue(parsing: bytes) else { continue }
      #expect(try JSONValue(parsing: value.encoded()) == value)
    }
  }
}
