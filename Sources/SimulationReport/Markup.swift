/// A piece of a page. What is written out is well-formed XML and HTML at once.
indirect enum Markup {
  case text(String)
  case element(String, [(name: String, value: String)], [Markup])
  case list([Markup])
  /// The content of a `style` element, which browsers do not unescape: it must not have `<`, `>` and `&`.
  case styleSheet(String)

  /// Elements that HTML knows to be empty; all others have an end of their own.
  private static let empty: Set<String> = ["meta", "br"]

  func write(to page: inout String) {
    switch self {
    case .text(let text): page += text.escaped
    case .styleSheet(let text): page += text
    case .list(let parts): for part in parts { part.write(to: &page) }
    case .element(let name, let attributes, let children):
      page += "<\(name)"
      for (name, value) in attributes { page += " \(name)=\"\(value.escaped)\"" }
      if Self.empty.contains(name) {
        page += "/>"
      } else {
        page += ">"
        for child in children { child.write(to: &page) }
        page += "</\(name)>"
      }
    }
  }
}

extension Markup {
  /// An element.
  static func tag(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [Markup] = []
  ) -> Markup {
    .element(name, attributes.map { (name: $0.key, value: $0.value) }, children)
  }

  /// An element with text in it.
  static func tag(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ text: String) -> Markup
  {
    tag(name, attributes, [.text(text)])
  }
}

extension String {
  /// The text with what means something to a parser escaped, and without characters that XML cannot express.
  fileprivate var escaped: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "&": text += "&amp;"
      case "\"": text += "&quot;"
      case "\t", "\n", "\r": text.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1f}", "\u{fffe}", "\u{ffff}": text += "\u{fffd}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
