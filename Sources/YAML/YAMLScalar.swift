/// A single value as it is written; YAML's guesses about its type are left to the reader.
public struct YAMLScalar: Sendable, Hashable {
  /// The text, without quotes and with escapes resolved.
  public let text: String
  /// Whether the text is written without quotes and not as a block (`|`, `>`).
  public let isPlain: Bool

  /// Creates a scalar.
  public init(text: String, isPlain: Bool) {
    self.text = text
    self.isPlain = isPlain
  }

  /// Whether nothing is written: an empty plain value, `~` or `null`.
  public var isNull: Bool {
    isPlain && (text.isEmpty || text == "~" || text == "null" || text == "Null" || text == "NULL")
  }

  /// The value of plain `true` or `false`; nil for everything else, also for YAML 1.1's `yes` and `on`.
  public var boolean: Bool? {
    switch text {
    case "true" where isPlain: true
    case "false" where isPlain: false
    default: nil
    }
  }

  /// Whether the text is a plain decimal integer (`^-?[0-9]+$`), of any size.
  public var isInteger: Bool {
    let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
    return isPlain && !digits.isEmpty && digits.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
  }

  /// The value of a plain decimal number without an exponent (`^-?[0-9]+(\.[0-9]+)?$`) of at most 32
  /// characters, such as `0.1`; nil when it is not one.
  public var decimal: Double? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = parts.count == 2 ? parts[1] : "0"
    guard YAMLScalar(text: String(parts[0]), isPlain: isPlain).isInteger, text.utf8.count <= 32,
      !fraction.isEmpty, fraction.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
    else { return nil }
    return Double(text)
  }

  /// The value of a plain decimal integer; nil when it is not one (`0x10`, `1_000` and `1:30` are not) or
  /// does not fit.
  public var integer: Int? { isInteger ? Int(text) : nil }
}
