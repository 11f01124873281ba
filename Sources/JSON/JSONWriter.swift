extension JSONValue {
  /// How a value is laid out as text.
  public enum Layout: Sendable, Hashable {
    /// No white space.
    case compact
    /// One member or element a line, indented by this many spaces a level.
    case indented(Int)
  }

  /// The value as UTF-8 text, byte for byte as Go's `encoding/json` writes it: `<`, `>`, `&`, U+2028 and
  /// U+2029 are escaped inside strings.
  public func encoded(_ layout: Layout = .compact) -> [UInt8] {
    var writer = JSONWriter(layout: layout)
    writer.write(self, level: 0)
    return writer.output
  }

  /// The value as text.
  public func text(_ layout: Layout = .compact) -> String {
    String(decoding: encoded(layout), as: UTF8.self)
  }
}

extension JSONValue: CustomStringConvertible {
  /// The value as compact text.
  public var description: String { text() }
}

private struct JSONWriter {
  let layout: JSONValue.Layout
  var output: [UInt8] = []

  init(layout: JSONValue.Layout) {
    self.layout = layout
    output.reserveCapacity(512)
  }

  mutating func write(_ value: JSONValue, level: Int) {
    switch value {
    case .null: append("null")
    case .bool(true): append("true")
    case .bool(false): append("false")
    case .number(let text): output.append(contentsOf: text.utf8)
    case .string(let text): write(text)
    case .array(let elements):
      list(elements, "[", "]", level: level) { writer, element in
        writer.write(element, level: level + 1)
      }
    case .object(let object):
      list(object.members, "{", "}", level: level) { writer, member in
        writer.write(member.key)
        writer.append(writer.layout == .compact ? ":" : ": ")
        writer.write(member.value, level: level + 1)
      }
    }
  }

  private mutating func list<Element>(
    _ elements: [Element], _ open: StaticString, _ close: StaticString, level: Int,
    write: (inout JSONWriter, Element) -> Void
  ) {
    append(open)
    for (index, element) in elements.enumerated() {
      if index > 0 { append(",") }
      newline(level + 1)
      write(&self, element)
    }
    if !elements.isEmpty { newline(level) }
    append(close)
  }

  private mutating func newline(_ level: Int) {
    guard case .indented(let width) = layout else { return }
    output.append(0x0a)
    output.append(contentsOf: repeatElement(0x20, count: width * level))
  }

  private mutating func write(_ text: String) {
    var text = text
    output.append(UInt8(ascii: "\""))
    text.withUTF8 { bytes in
      var start = 0
      for index in bytes.indices where Self.mayNeedEscape(bytes[index]) {
        guard let escape = Self.escape(bytes, at: index) else { continue }
        output.append(contentsOf: bytes[start..<index])
        output.append(contentsOf: escape.text.utf8)
        start = index + escape.length
      }
      output.append(contentsOf: bytes[min(start, bytes.count)...])
    }
    output.append(UInt8(ascii: "\""))
  }

  /// Whether `escape` has to look. Almost no byte needs it, and this is all that is done for each.
  private static func mayNeedEscape(_ byte: UInt8) -> Bool {
    switch byte {
    case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "\\"), 0xe2:
      true
    default: false
    }
  }

  /// The escape that stands for the character at an index, with the character's length in bytes.
  private static func escape(
    _ bytes: UnsafeBufferPointer<UInt8>, at index: Int
  ) -> (text: String, length: Int)? {
    switch bytes[index] {
    case UInt8(ascii: "\""): return (#"\""#, 1)
    case UInt8(ascii: "\\"): return (#"\\"#, 1)
    case 0x0a: return (#"\n"#, 1)
    case 0x0d: return (#"\r"#, 1)
    case 0x09: return (#"\t"#, 1)
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), 0..<0x20:
      let byte = bytes[index]
      return ("\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))", 1)
    case 0xe2 where index + 2 < bytes.count && bytes[index + 1] == 0x80:
      switch bytes[index + 2] {
      case 0xa8: return (#"\u2028"#, 3)
      case 0xa9: return (#"\u2029"#, 3)
      default: return nil
      }
    default: return nil
    }
  }

  private mutating func append(_ text: StaticString) {
    output.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
