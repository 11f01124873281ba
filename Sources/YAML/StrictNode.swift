/// A node that is read as exactly one type; whatever does not fit is reported with its position and path.
///
/// Every reading method returns nil after it has reported a problem, so that reading goes on and finds the
/// next one. Messages show the value that was found only for numbers, booleans, durations and choices;
/// strings, which may be secrets, are never shown.
public struct StrictNode {
  /// The node itself.
  public let node: YAMLNode
  /// The path from the root, such as `scalers[0].min`; empty at the root.
  public let path: String
  let problems: ProblemList

  init(_ node: YAMLNode, path: String, problems: ProblemList) {
    self.node = node
    self.path = path
    self.problems = problems
  }

  // MARK: Reporting

  /// Reports a problem with this value: `must be …, got …`.
  public func report(_ message: String) {
    problems.add(YAMLProblem(mark: node.mark, path: path, message: message))
  }

  /// Reports a problem with a value below this one, at the nearest position that is written.
  public func report(_ message: String, at keys: [String]) {
    var target = node
    var path = path
    for key in keys {
      target = target[key] ?? target
      path = Self.path(path, key)
    }
    problems.add(YAMLProblem(mark: target.mark, path: path, message: message))
  }

  // MARK: Parts that may be wrong

  /// Reads a value and keeps its problems apart from those of the rest of the text: for a part in which a mistake
  /// only matters to who uses that part. `file` is the name that errors show.
  public func apart<Value>(file: String, _ read: (StrictNode) -> Value?) -> Result<Value, YAMLError> {
    let problems = ProblemList()
    let value = read(StrictNode(node, path: path, problems: problems))
    if let error = problems.error(file: file) { return .failure(error) }
    guard let value else {
      return .failure(YAMLError(file: file, mark: node.mark, message: "does not hold a complete value"))
    }
    return .success(value)
  }

  // MARK: Scalars

  /// The text, quoted or not, of a number of characters in `length`.
  public func string(length: ClosedRange<Int> = 1...4096) -> String? {
    guard let scalar = scalar(expected: "a string") else { return nil }
    guard length.contains(scalar.text.count) else {
      if scalar.text.isEmpty {
        report("must not be empty")
      } else {
        let bounds = Self.words(length.lowerBound, length.upperBound, \.description)
        report("must have \(bounds) characters, has \(scalar.text.count)")
      }
      return nil
    }
    return scalar.text
  }

  /// The decimal integer, which must be in `range`.
  public func integer(in range: ClosedRange<Int> = Int.min...Int.max) -> Int? {
    guard let scalar = scalar(expected: "an integer") else { return nil }
    guard scalar.isInteger else { return mismatch("an integer", scalar) }
    guard let value = scalar.integer, range.contains(value) else {
      report("must be \(Self.words(range.lowerBound, range.upperBound, \.description)), got \(scalar.shown)")
      return nil
    }
    return value
  }

  /// The decimal number, which must be in `range`: digits, with or without a point and more digits.
  public func decimal(in range: ClosedRange<Double>) -> Double? {
    let expected = "a number like 0.1"
    guard let scalar = scalar(expected: expected) else { return nil }
    guard let value = scalar.decimal else { return mismatch(expected, scalar) }
    guard range.contains(value) else {
      report("must be \(Self.words(range.lowerBound, range.upperBound, \.description)), got \(scalar.text)")
      return nil
    }
    return value
  }

  /// The boolean, which is `true` or `false` and nothing else.
  public func boolean() -> Bool? {
    guard let scalar = scalar(expected: "true or false") else { return nil }
    return scalar.boolean ?? mismatch("true or false", scalar)
  }

  /// The duration, written as ``DurationSyntax`` says, which must be in `range`.
  public func duration(in range: ClosedRange<Duration> = .zero ... .seconds(3_600_000_000)) -> Duration? {
    let expected = "a duration like 250ms, 30s, 5m or 1h30m"
    guard let scalar = scalar(expected: expected) else { return nil }
    guard let value = DurationSyntax.duration(scalar.text) else {
      let hint = scalar.isInteger ? "; add the unit" : ""
      report("must be \(expected), got \(scalar.shown)\(hint)")
      return nil
    }
    guard range.contains(value) else {
      let bounds = Self.words(range.lowerBound, range.upperBound, DurationSyntax.text)
      report("must be \(bounds), got \(scalar.text)")
      return nil
    }
    return value
  }

  /// One of the raw values of an enumeration.
  public func choice<Choice>(
    of type: Choice.Type = Choice.self
  ) -> Choice? where Choice: CaseIterable & RawRepresentable<String> {
    choice(among: Choice.allCases.map(\.rawValue)).flatMap(Choice.init(rawValue:))
  }

  /// One of the given names; there must be at least one.
  public func choice(among names: [String]) -> String? {
    let expected = names.count == 1 ? names[0] : "one of \(names.joined(separator: ", "))"
    guard let scalar = scalar(expected: expected) else { return nil }
    guard names.contains(scalar.text) else {
      report("must be \(expected), got \(scalar.shown)\(Self.suggestion(for: scalar.text, among: names))")
      return nil
    }
    return scalar.text
  }

  // MARK: Collections

  /// Reads every element of a list; elements for which `read` returns nil are left out.
  public func list<Element>(
    count: ClosedRange<Int> = 0...100_000, _ read: (StrictNode) -> Element?
  ) -> [Element]? {
    guard hasNoTag() else { return nil }
    guard let elements = node.elements else {
      report("must be a list, got \(shownKind)")
      return nil
    }
    guard count.contains(elements.count) else {
      let bounds = Self.words(count.lowerBound, count.upperBound, \.description)
      report("must have \(bounds) elements, has \(elements.count)")
      return nil
    }
    return elements.enumerated().compactMap { index, element in
      read(StrictNode(element, path: "\(path)[\(index)]", problems: problems))
    }
  }

  /// Reads a mapping by its keys; keys that `read` did not ask for are reported unless they are ignored.
  public func mapping<Value>(
    unknownKeys: UnknownKeys = .refused, _ read: (inout StrictMapping) -> Value?
  ) -> Value? {
    guard hasNoTag() else { return nil }
    guard let entries = node.mapping else {
      report("must be a mapping, got \(shownKind)")
      return nil
    }
    var mapping = StrictMapping(self, entries)
    let value = read(&mapping)
    if unknownKeys == .refused { mapping.reportUnknownKeys() }
    return value
  }

  // MARK: Parts

  private func scalar(expected: String) -> YAMLScalar? {
    guard hasNoTag() else { return nil }
    guard let scalar = node.scalar, !scalar.isNull else {
      report("must be \(expected), got \(shownKind)")
      return nil
    }
    return scalar
  }

  private func hasNoTag() -> Bool {
    guard let tag = node.tag else { return true }
    report("must have no tag, got \(tag.quotedForMessage)")
    return false
  }

  private func mismatch<Value>(_ expected: String, _ scalar: YAMLScalar) -> Value? {
    let hint = YAMLScalar(text: scalar.text, isPlain: true)
    let quotedByMistake = !scalar.isPlain && (hint.decimal != nil || hint.isInteger || hint.boolean != nil)
    report("must be \(expected), got \(scalar.shown)\(quotedByMistake ? "; remove the quotes" : "")")
    return nil
  }

  private var shownKind: String {
    switch node.content {
    case .scalar(let scalar): scalar.isNull ? "nothing" : "a single value"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }

  static func path(_ path: String, _ key: String) -> String {
    guard key.isSimpleKey else { return "\(path)[\(key.quotedForMessage)]" }
    return path.isEmpty ? key : "\(path).\(key)"
  }

  static func suggestion(for word: String, among candidates: [String]) -> String {
    Suggestion.nearest(to: word, among: candidates).map { "; did you mean \($0.quotedForMessage)?" } ?? ""
  }

  /// The bounds in words; very large ones are not worth showing.
  private static func words<Bound: Comparable>(
    _ lower: Bound, _ upper: Bound, _ text: (Bound) -> String
  ) -> String {
    if lower == upper { return text(lower) }
    if let upper = upper as? Int, upper == .max { return "at least \(text(lower))" }
    if let lower = lower as? Int, lower == .min { return "at most \(text(upper))" }
    return "from \(text(lower)) to \(text(upper))"
  }
}

extension YAMLScalar {
  /// The value for an error message: as written, with quotes when that tells more.
  fileprivate var shown: String {
    guard isInteger else { return text.quotedForMessage }
    return text.utf8.count <= 40 ? text : "a number of \(text.utf8.count) digits"
  }
}
