extension String {
  /// The text in quotes for an error message: cut at 40 characters, control characters escaped.
  var quotedForMessage: String {
    var quoted = "\""
    for (index, scalar) in unicodeScalars.enumerated() {
      if index == 40 { return quoted + "…\"" }
      quoted += scalar.escaped(asASCII: false)
    }
    return quoted + "\""
  }

  /// Whether the text can stand in a path without quotes.
  var isSimpleKey: Bool {
    !isEmpty && utf8.count <= 64
      && utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }
}
