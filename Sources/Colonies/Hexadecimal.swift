/// Hexadecimal text, with the error texts of Go's `encoding/hex`, which are part of the protocol's replies.
public enum Hexadecimal {
  /// Why a text is not hexadecimal.
  public enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
    case invalidByte(UInt8)
    case oddLength

    /// Go's words.
    public var description: String {
      switch self {
      case .oddLength: return "encoding/hex: odd length hex string"
      case .invalidByte(let byte):
        let code = String(byte, radix: 16, uppercase: true)
        let digits = String(repeating: "0", count: 4 - code.utf8.count) + code
        let printable = (0x20...0x7e).contains(byte) || byte >= 0xa1 && byte != 0xad
        return "encoding/hex: invalid byte: U+\(digits)"
          + (printable ? " '\(Character(UnicodeScalar(byte)))'" : "")
      }
    }
  }

  /// The bytes as lower-case digits.
  public static func encode(_ bytes: some Collection<UInt8>) -> String {
    String(unsafeUninitializedCapacity: bytes.count * 2) { buffer in
      var index = 0
      for byte in bytes {
        buffer[index] = digit(byte >> 4)
        buffer[index + 1] = digit(byte & 0x0f)
        index += 2
      }
      return index
    }
  }

  /// The bytes that pairs of digits of either case stand for.
  public static func decode(_ text: String) throws(Failure) -> [UInt8] {
    let digits = Array(text.utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    for index in stride(from: 0, to: digits.count - 1, by: 2) {
      bytes.append(try value(digits[index]) << 4 | value(digits[index + 1]))
    }
    if digits.count % 2 == 1 {
      _ = try value(digits[digits.count - 1])
      throw .oddLength
    }
    return bytes
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
  }

  private static func value(_ digit: UInt8) throws(Failure) -> UInt8 {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: throw .invalidByte(digit)
    }
  }
}
