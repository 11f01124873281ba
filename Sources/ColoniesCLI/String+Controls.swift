extension String {
  /// The text with escapes for the characters that would steer a terminal, beside the line end. Texts of
  /// processes come from anybody who can submit or close one.
  var withVisibleControls: String {
    guard unicodeScalars.contains(where: \.isControl) else { return self }
    var text = ""
    for scalar in unicodeScalars { text += scalar.isControl ? scalar.escaped(asASCII: true) : String(scalar) }
    return text
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool { properties.generalCategory == .control && self != "\n" }
}
