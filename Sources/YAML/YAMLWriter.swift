public import JSON

extension JSONValue {
  /// The value as a YAML text, in blocks, with a line's end at its end.
  ///
  /// Texts are plain where every reader takes them as texts, and in double quotes elsewhere.
  public var yaml: String {
    var text = ""
    switch self {
    case .object(let object) where !object.members.isEmpty: Self.write(object, 0, to: &text)
    case .array(let elements) where !elements.isEmpty: Self.write(elements, 0, to: &text)
    default: text = scalarYAML + "\n"
    }
    return text
  }

  private static func write(_ object: JSONObject, _ indentation: Int, to text: inout String) {
    for (number, member) in object.members.enumerated() {
      // The first key of a list's element stands behind the dash.
      if number > 0 || text.last == "\n" || text.isEmpty { text += pad(indentation) }
      text += JSONValue.string(member.key).scalarYAML + ":"
      switch member.value {
      case .object(let inner) where !inner.members.isEmpty:
        text += "\n"
        write(inner, indentation + 2, to: &text)
      case .array(let elements) where !elements.isEmpty:
        text += "\n"
        write(elements, indentation + 2, to: &text)
      default: text += " \(member.value.scalarYAML)\n"
      }
    }
  }

  private static func write(_ elements: [JSONValue], _ indentation: Int, to text: inout String) {
    for element in elements {
      if text.last == "\n" || text.isEmpty { text += pad(indentation) }
      text += "- "
      switch element {
      case .object(let object) where !object.members.isEmpty: write(object, indentation + 2, to: &text)
      case .array(let inner) where !inner.isEmpty: write(inner, indentation + 2, to: &text)
      default: text += "\(element.scalarYAML)\n"
      }
    }
  }

  private static func pad(_ count: Int) -> String { String(repeating: " ", count: count) }

  /// The value on one line.
  private var scalarYAML: String {
    guard case .string(let value) = self, value.isPlainYAML else { return text() }
    return value
  }
}

extension String {
  /// Whether the text, without quotes, is a text to every reader: begins with a letter, holds nothing that has a
  /// meaning, and is no word for a truth value or for nothing.
  fileprivate var isPlainYAML: Bool {
    let words: Set = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
    guard let first = unicodeScalars.first, first.isASCII, first.properties.isAlphabetic, last != " ",
      !words.contains(lowercased())
    else { return false }
    return unicodeScalars.allSatisfy {
      $0.isASCII
        && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || " _-./()".unicodeScalars.contains($0))
    }
  }
}
