import Testing
import YAML

@Suite("What a scalar is taken for")
struct YAMLScalarTests {
  @Test(
    "only plain decimal digits are integers",
    arguments: [
      ("0", 0), ("-7", -7), ("010", 10), ("-0", 0), ("9223372036854775807", Int.max), ("+1", nil),
      ("0x10", nil),
      ("1:30", nil), ("1_000", nil), ("1.0", nil), ("", nil), ("-", nil), ("9223372036854775808", nil),
      ("１", nil), ("1 ", nil),
    ] as [(String, Int?)])
  func integers(text: String, value: Int?) {
    #expect(YAMLScalar(text: text, isPlain: true).integer == value)
    #expect(YAMLScalar(text: text, isPlain: false).integer == nil)
  }

  @Test(
    "only plain digits with or without a point are decimal numbers",
    arguments: [
      ("0.1", 0.1), ("-2.50", -2.5), ("3", 3), ("0", 0), (".5", nil), ("5.", nil), ("1e3", nil), ("nan", nil),
      ("1.2.3", nil), ("0x1.8", nil), ("+1.0", nil), ("1_0.0", nil), ("", nil), ("1.-5", nil), ("inf", nil),
      ("0.0000000000000000000000000000001", nil),
    ] as [(String, Double?)])
  func decimals(text: String, value: Double?) {
    #expect(YAMLScalar(text: text, isPlain: true).decimal == value)
    #expect(YAMLScalar(text: text, isPlain: false).decimal == nil)
  }

  @Test(
    "only plain true and false are booleans",
    arguments: [("true", true), ("false", false), ("yes", nil), ("True", nil), ("on", nil), ("1", nil)]
      as [(String, Bool?)])
  func booleans(text: String, value: Bool?) {
    #expect(YAMLScalar(text: text, isPlain: true).boolean == value)
    #expect(YAMLScalar(text: text, isPlain: false).boolean == nil)
  }

  @Test("null is written plainly", arguments: ["", "~", "null", "Null", "NULL"])
  func nulls(text: String) {
    #expect(YAMLScalar(text: text, isPlain: true).isNull)
    #expect(!YAMLScalar(text: text, isPlain: false).isNull)
  }
}
