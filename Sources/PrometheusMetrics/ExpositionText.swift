/// The text format, version 0.0.4, while it is written.
struct ExpositionText: ~Copyable {
  private(set) var text = ""

  init(capacity: Int) { text.reserveCapacity(capacity) }

  /// The lines before a family's samples.
  mutating func begin(_ name: String, _ kind: MetricKind, help: String?) {
    if let help {
      text += "# HELP "
      text += name
      text += " "
      text += help
      text += "\n"
    }
    text += "# TYPE "
    text += name
    text += " "
    text += kind.rawValue
    text += "\n"
  }

  /// One line with a value.
  /// - Parameters:
  ///   - labels: As of `LabelText`.
  ///   - bound: A histogram's bucket: the label `le` behind the others.
  mutating func sample(
    _ name: String, suffix: String = "", _ labels: String, bound: String? = nil, _ value: String
  ) {
    text += name
    text += suffix
    if !labels.isEmpty || bound != nil {
      text += "{"
      text += labels
      if let bound {
        text += labels.isEmpty ? "le=\"" : ",le=\""
        text += bound
        text += "\""
      }
      text += "}"
    }
    text += " "
    text += value
    text += "\n"
  }

  /// Help as a HELP line has it.
  static func escaped(help: String) -> String {
    var result = ""
    for scalar in help.unicodeScalars {
      switch scalar {
      case "\\": result += #"\\"#
      case "\n": result += #"\n"#
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
