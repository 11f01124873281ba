internal import JSON

/// What a field of a spec file may hold.
indirect enum SpecShape: Sendable {
  case string
  case bool
  case integer(ClosedRange<Int>)
  case strings
  case stringMap
  /// A list of anything.
  case array
  /// An object of anything.
  case members
  case either(SpecShape, SpecShape)
  /// An object with these fields only.
  case object([String: SpecShape])

  /// Notes what is wrong with a value. A `null` is as good as a field that is missing.
  func check(_ value: JSONValue, at path: String, into problems: inout [String]) {
    switch (self, value) {
    case (.object(let fields), .object(let object)):
      Self.check(object, fields, at: path, into: &problems)
    case (.stringMap, .object(let object)):
      for member in object.members {
        SpecShape.string.check(member.value, at: "\(path).\(member.key)", into: &problems)
      }
    case (.strings, .array(let elements)):
      for (index, element) in elements.enumerated() {
        SpecShape.string.check(element, at: "\(path)[\(index)]", into: &problems)
      }
    case (_, .null) where !path.isEmpty: break
    default:
      guard !accepts(value) else { return }
      problems.append("\(path.isEmpty ? "" : "\(path): ")expected \(description), found \(value.shown)")
    }
  }

  private static func check(
    _ object: JSONObject, _ fields: [String: SpecShape], at path: String, into problems: inout [String]
  ) {
    var seen: Set<String> = []
    for member in object.members {
      let place = path.isEmpty ? member.key : "\(path).\(member.key)"
      // Servers read keys without regard to case.
      let key = member.key.lowercased()
      guard let shape = fields[key] else {
        let names = nearest(to: key, in: fields.keys.sorted())
        problems.append("\(place): unknown field" + (names.map { "; did you mean \($0)?" } ?? ""))
        continue
      }
      if !seen.insert(key).inserted { problems.append("\(place): the field is there twice") }
      shape.check(member.value, at: place, into: &problems)
    }
  }

  private func accepts(_ value: JSONValue) -> Bool {
    switch (self, value) {
    case (.string, .string), (.bool, .bool), (.strings, .array), (.stringMap, .object), (.array, .array),
      (.members, .object), (.object, .object):
      true
    case (.integer(let range), .number): value.int.map(range.contains) ?? false
    case (.either(let first, let second), _): first.accepts(value) || second.accepts(value)
    default: false
    }
  }

  private var description: String {
    switch self {
    case .string: "a string"
    case .bool: "true or false"
    case .integer(let range):
      switch (range.lowerBound, range.upperBound) {
      case (.min, .max): "a whole number"
      case (_, .max): "a whole number, \(range.lowerBound) or more"
      default: "a whole number, \(range.lowerBound) to \(range.upperBound)"
      }
    case .strings: "a list of strings"
    case .stringMap: "an object with strings"
    case .array: "a list"
    case .members, .object: "an object"
    case .either(let first, let second): "\(first.description) or \(second.description)"
    }
  }

  /// The name that was probably meant, or nil when none is near.
  private static func nearest(to text: String, in names: [String]) -> String? {
    // A short name has many that are near.
    let most = min(2, text.count / 3)
    return names.map { (name: $0, distance: distance(text, $0)) }.filter { $0.distance <= most }
      .min { $0.distance < $1.distance }?.name
  }

  /// How many characters have to be added, removed or replaced to make one text from the other.
  private static func distance(_ left: String, _ right: String) -> Int {
    var row = Array(0...right.count)
    for (index, character) in left.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for (column, other) in right.enumerated() {
        let replaced = diagonal + (character == other ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, row[column] + 1, row[column + 1] + 1)
      }
    }
    return row[right.count]
  }
}

extension JSONValue {
  /// The value as an error message shows it.
  var shown: String {
    let text = text()
    let excerpt = text.count > 40 ? text.prefix(40) + "…" : text[...]
    return switch self {
    case .null: "null"
    case .bool: "\(excerpt)"
    case .number: "the number \(excerpt)"
    case .string: "the string \(excerpt)"
    case .array: "a list"
    case .object: "an object"
    }
  }
}
