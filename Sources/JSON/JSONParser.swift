/// Why a text is not JSON. The message is the one Go's `encoding/json` gives, since servers of the 2022
/// API send it to their clients.
public struct JSONSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Go's words.
  public let description: String
  /// Where in the text reading stopped, in bytes from its start.
  public let offset: Int
}

extension JSONValue {
  /// Parses a whole text.
  /// - Parameter maximumDepth: How deep arrays and objects may nest. The limit keeps a hostile text from
  ///   exhausting the stack.
  /// - Throws: `JSONSyntaxError` at the first byte that cannot be part of a JSON text.
  public init(parsing bytes: some Collection<UInt8>, maximumDepth: Int = 512) throws(JSONSyntaxError) {
    let contiguous = bytes.withContiguousStorageIfAvailable { buffer in
      Result<JSONValue, JSONSyntaxError> { () throws(JSONSyntaxError) in
        try JSONValue(buffer: buffer, maximumDepth: maximumDepth)
      }
    }
    if let contiguous {
      self = try contiguous.get()
    } else {
      let result = Array(bytes).withUnsafeBufferPointer { buffer in
        Result<JSONValue, JSONSyntaxError> { () throws(JSONSyntaxError) in
          try JSONValue(buffer: buffer, maximumDepth: maximumDepth)
        }
      }
      self = try result.get()
    }
  }

  /// Parses a whole text.
  public init(parsing text: String, maximumDepth: Int = 512) throws(JSONSyntaxError) {
    try self.init(parsing: text.utf8, maximumDepth: maximumDepth)
  }

  private init(buffer: UnsafeBufferPointer<UInt8>, maximumDepth: Int) throws(JSONSyntaxError) {
    var parser = JSONParser(bytes: buffer, maximumDepth: maximumDepth)
    self = try parser.document()
  }
}

/// A recursive-descent reader over the bytes of one text.
private struct JSONParser {
  let bytes: UnsafeBufferPointer<UInt8>
  let maximumDepth: Int
  var position = 0
  var depth = 0

  init(bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
  }

  mutating func document() throws(JSONSyntaxError) -> JSONValue {
    let value = try self.value()
    skipWhitespace()
    if position < bytes.count { throw unexpected("after top-level value") }
    return value
  }

  private mutating func value() throws(JSONSyntaxError) -> JSONValue {
    skipWhitespace()
    guard position < bytes.count else { throw endOfInput }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "-"), 0x30...0x39: return try number()
    default: throw unexpected("looking for beginning of value")
    }
  }

  private mutating func object() throws(JSONSyntaxError) -> JSONValue {
    try enter()
    defer { depth -= 1 }
    var object = JSONObject()
    skipWhitespace()
    if consume(UInt8(ascii: "}")) { return .object(object) }
    while true {
      skipWhitespace()
      guard position < bytes.count else { throw endOfInput }
      guard bytes[position] == UInt8(ascii: "\"") else {
        throw unexpected("looking for beginning of object key string")
      }
      let key = try string()
      skipWhitespace()
      guard consume(UInt8(ascii: ":")) else { throw unexpected("after object key") }
      object.append(key, try value())
      skipWhitespace()
      if consume(UInt8(ascii: ",")) { continue }
      guard consume(UInt8(ascii: "}")) else { throw unexpected("after object key:value pair") }
      return .object(object)
    }
  }

  private mutating func array() throws(JSONSyntaxError) -> JSONValue {
    try enter()
    defer { depth -= 1 }
    var elements: [JSONValue] = []
    skipWhitespace()
    if consume(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      elements.append(try value())
      skipWhitespace()
      if consume(UInt8(ascii: ",")) { continue }
      guard consume(UInt8(ascii: "]")) else { throw unexpected("after array element") }
      return .array(elements)
    }
  }

  private mutating func enter() throws(JSONSyntaxError) {
    position += 1
    depth += 1
    if depth > maximumDepth {
      throw JSONSyntaxError(description: "exceeded max depth", offset: position)
    }
  }

  private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue
  {
    for index in 0..<word.utf8CodeUnitCount {
      let expected = word.utf8Start[index]
      guard position < bytes.count else { throw endOfInput }
      guard bytes[position] == expected else {
        throw unexpected("in literal \(word) (expecting '\(Character(UnicodeScalar(expected)))')")
      }
      position += 1
    }
    return value
  }

  private mutating func number() throws(JSONSyntaxError) -> JSONValue {
    let start = position
    _ = consume(UInt8(ascii: "-"))
    if !consume(UInt8(ascii: "0")) { try digits("in numeric literal") }
    if consume(UInt8(ascii: ".")) { try digits("after decimal point in numeric literal") }
    if consume(UInt8(ascii: "e")) || consume(UInt8(ascii: "E")) {
      if !consume(UInt8(ascii: "+")) { _ = consume(UInt8(ascii: "-")) }
      try digits("in exponent of numeric literal")
    }
    return .number(String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self))
  }

  private mutating func digits(_ place: String) throws(JSONSyntaxError) {
    guard position < bytes.count else { throw endOfInput }
    guard (0x30...0x39).contains(bytes[position]) else { throw unexpected(place) }
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
  }

  private mutating func string() throws(JSONSyntaxError) -> String {
    position += 1
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
        position += 1
        return text
      case UInt8(ascii: "\\"):
        return try escapedString(from: start)
      case 0..<0x20:
        throw unexpected("in string literal")
      default:
        position += 1
      }
    }
    throw endOfInput
  }

  /// Reads the rest of a string from its first backslash on.
  private mutating func escapedString(from start: Int) throws(JSONSyntaxError) -> String {
    var text = Array(bytes[start..<position])
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        position += 1
        try appendEscape(to: &text)
      case 0..<0x20:
        throw unexpected("in string literal")
      default:
        text.append(byte)
        position += 1
      }
    }
    throw endOfInput
  }

  private mutating func appendEscape(to text: inout [UInt8]) throws(JSONSyntaxError) {
    guard position < bytes.count else { throw endOfInput }
    switch bytes[position] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(bytes[position])
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0c)
    case UInt8(ascii: "n"): text.append(0x0a)
    case UInt8(ascii: "r"): text.append(0x0d)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      position += 1
      text.append(contentsOf: String(try unicodeScalar()).utf8)
      return
    default: throw unexpected("in string escape code")
    }
    position += 1
  }

  /// Reads the four digits behind `\u`, and a second escape when they are the first half of a pair. A half
  /// without its partner becomes U+FFFD, as in Go.
  private mutating func unicodeScalar() throws(JSONSyntaxError) -> UnicodeScalar {
    let first = try hexadecimalUnit()
    if let scalar = UnicodeScalar(first) { return scalar }
    let mark = position
    if (0xd800..<0xdc00).contains(first), consume(UInt8(ascii: "\\")), consume(UInt8(ascii: "u")) {
      let second = try hexadecimalUnit()
      if (0xdc00..<0xe000).contains(second) {
        let value = 0x10000 + (UInt32(first - 0xd800) << 10 | UInt32(second - 0xdc00))
        if let scalar = UnicodeScalar(value) { return scalar }
      }
    }
    position = mark
    return "\u{FFFD}"
  }

  private mutating func hexadecimalUnit() throws(JSONSyntaxError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard position < bytes.count else { throw endOfInput }
      guard let digit = Character(UnicodeScalar(bytes[position])).hexDigitValue else {
        throw unexpected("in \\u hexadecimal character escape")
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  private mutating func consume(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipWhitespace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      default: return
      }
    }
  }

  private var endOfInput: JSONSyntaxError {
    JSONSyntaxError(description: "unexpected end of JSON input", offset: bytes.count)
  }

  private func unexpected(_ place: String) -> JSONSyntaxError {
    guard position < bytes.count else { return endOfInput }
    return JSONSyntaxError(
      description: "invalid character \(quoted(bytes[position])) \(place)", offset: position)
  }

  /// A byte as Go quotes it in an error: Go reads one byte as one Latin-1 character.
  private func quoted(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "'"): return #"'\''"#
    case UInt8(ascii: "\""): return #"'"'"#
    case UInt8(ascii: "\\"): return #"'\\'"#
    case 0x07: return #"'\a'"#
    case 0x08: return #"'\b'"#
    case 0x0c: return #"'\f'"#
    case 0x0a: return #"'\n'"#
    case 0x0d: return #"'\r'"#
    case 0x09: return #"'\t'"#
    case 0x0b: return #"'\v'"#
    case 0x20...0x7e, 0xa1...0xac, 0xae...0xff: return "'\(Character(UnicodeScalar(byte)))'"
    case 0x80...: return "'\\u00\(String(byte, radix: 16))'"
    default: return "'\\x\(byte < 16 ? "0" : "")\(String(byte, radix: 16))'"
    }
  }
}
