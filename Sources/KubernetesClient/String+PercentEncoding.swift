extension String {
  /// The text as one segment of a path or one part of a query: all but letters, digits, `-`, `_`, `.` and `~`
  /// is escaped.
  package var percentEncoded: String {
    var bytes: [UInt8] = []
    for byte in utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
        UInt8(ascii: "~"):
        bytes.append(byte)
      default:
        bytes.append(UInt8(ascii: "%"))
        for digit in [byte >> 4, byte & 15] { bytes += Array(String(digit, radix: 16, uppercase: true).utf8) }
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
