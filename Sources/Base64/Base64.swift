/// Standard padded base64 (RFC 4648, section 4).
package enum Base64 {
  /// The bytes as padded text.
  package static func encode(_ bytes: [UInt8]) -> String {
    String(unsafeUninitializedCapacity: encodedCount(bytes.count)) { output in
      bytes.withUnsafeBufferPointer { encode($0, into: output) }
      return encodedCount(bytes.count)
    }
  }

  /// How many characters a number of bytes becomes.
  package static func encodedCount(_ count: Int) -> Int { (count + 2) / 3 * 4 }

  /// Writes the bytes as padded text.
  /// - Parameter output: Has room for `encodedCount` characters.
  package static func encode(
    _ source: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>
  ) {
    precondition(output.count >= encodedCount(source.count))
    let characters = alphabet.utf8Start
    var written = 0
    for start in stride(from: 0, to: source.count, by: 3) {
      let second = start + 1 < source.count ? source[start + 1] : 0
      let third = start + 2 < source.count ? source[start + 2] : 0
      output[written] = characters[Int(source[start] >> 2)]
      output[written + 1] = characters[Int(source[start] & 0x03) << 4 | Int(second >> 4)]
      output[written + 2] =
        start + 1 < source.count ? characters[Int(second & 0x0f) << 2 | Int(third >> 6)] : padding
      output[written + 3] = start + 2 < source.count ? characters[Int(third & 0x3f)] : padding
      written += 4
    }
  }

  /// The bytes that a text stands for, or nil when it is not base64 to its end. White space is skipped.
  package static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count / 4 * 3)
    var group: UInt32 = 0
    var count = 0
    var paddings = 0
    for character in text.utf8 where !isBlank(character) {
      if character == padding {
        paddings += 1
        continue
      }
      let value = values[Int(character)]
      guard paddings == 0, value < 64 else { return nil }
      group = group << 6 | UInt32(value)
      count += 1
      if count.isMultiple(of: 4) { append(group, to: &bytes) }
    }
    switch (count % 4, paddings) {
    case (0, 0): break
    case (2, 2): bytes.append(UInt8(truncatingIfNeeded: group >> 4))
    case (3, 1):
      bytes.append(UInt8(truncatingIfNeeded: group >> 10))
      bytes.append(UInt8(truncatingIfNeeded: group >> 2))
    default: return nil
    }
    return bytes
  }

  /// The bytes of a text up to its first fault, as servers of the Colonies protocol read it: they ignore base64
  /// errors and go on with what was decoded. Line ends are skipped; an unpadded rest is a fault.
  package static func decodePrefix(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count / 4 * 3)
    var group: UInt32 = 0
    var count = 0
    var iterator = text.utf8.makeIterator()
    while let character = iterator.next() {
      if character == 0x0a || character == 0x0d { continue }
      if character == padding {
        appendPadded(group, count: count, rest: &iterator, to: &bytes)
        return bytes
      }
      let value = values[Int(character)]
      guard value < 64 else { return bytes }
      group = group << 6 | UInt32(value)
      count += 1
      if count == 4 {
        append(group, to: &bytes)
        group = 0
        count = 0
      }
    }
    return bytes
  }

  private static func append(_ group: UInt32, to bytes: inout [UInt8]) {
    bytes.append(UInt8(truncatingIfNeeded: group >> 16))
    bytes.append(UInt8(truncatingIfNeeded: group >> 8))
    bytes.append(UInt8(truncatingIfNeeded: group))
  }

  private static func appendPadded(
    _ group: UInt32, count: Int, rest: inout String.UTF8View.Iterator, to bytes: inout [UInt8]
  ) {
    switch count {
    case 2:
      guard rest.next() == padding else { return }
      bytes.append(UInt8(truncatingIfNeeded: group >> 4))
    case 3:
      bytes.append(UInt8(truncatingIfNeeded: group >> 10))
      bytes.append(UInt8(truncatingIfNeeded: group >> 2))
    default: return
    }
  }

  private static func isBlank(_ character: UInt8) -> Bool { character == 0x20 || 0x09...0x0d ~= character }

  private static let padding = UInt8(ascii: "=")
  private static let alphabet: StaticString =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  /// The value of each character, 255 for those outside the alphabet.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for value in 0..<alphabet.utf8CodeUnitCount { values[Int(alphabet.utf8Start[value])] = UInt8(value) }
    return values
  }()
}
