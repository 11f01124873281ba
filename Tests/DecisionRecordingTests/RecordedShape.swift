import Autoscaling
import JSON

/// Compares a value with its JSON, field by field, by what the language knows of the value: a field that was added
/// to a type, and not to its coding, is found.
struct RecordedShape {
  /// What is wrong.
  private(set) var problems: Set<String> = []
  /// The optional values and lists that were met, and whether one of them was there or had an element.
  private var isSeen: [String: Bool] = [:]

  /// Optional values and lists that no sample had: their parts were not compared.
  var unseen: [String] { isSeen.filter { !$0.value }.keys.sorted() }

  /// What a type works out from its other fields when it is made.
  private static let derived: [String: Set<String>] = ["ScalingSchedule": ["begins", "ends", "zone"]]

  mutating func compare(_ value: Any, _ json: JSONValue?, _ path: String) {
    guard let json else { return report(path, "is missing") }
    // The exact type: an optional number is also a number, and a list of nothing a list of anything.
    let type = ObjectIdentifier(Swift.type(of: value))
    if Self.numbers.contains(type) {
      check(json.double != nil, path, "must be a number")
    } else if Self.texts.contains(type) {
      check(json.string != nil, path, "must be a text")
    } else if type == ObjectIdentifier(Bool.self) {
      check(json.bool != nil, path, "must be true or false")
    } else {
      compareParts(value, json, path)
    }
  }

  private static let numbers = [
    ObjectIdentifier(Int.self), ObjectIdentifier(Double.self), ObjectIdentifier(Duration.self),
    ObjectIdentifier(ScalingInstant.self),
  ]
  private static let texts = [ObjectIdentifier(String.self), ObjectIdentifier([UInt8].self)]

  private mutating func compareParts(_ value: Any, _ json: JSONValue, _ path: String) {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      see(path, isThere: !mirror.children.isEmpty)
      guard let content = mirror.children.first?.value else {
        return check(json == .null, path, "must be null")
      }
      compare(content, json, path)
    case .collection:
      see(path, isThere: !mirror.children.isEmpty)
      for (index, child) in mirror.children.enumerated() { compare(child.value, json[index], "\(path)[]") }
    case .enum:
      guard let content = mirror.children.first else {
        return check(json.string != nil, path, "must be a text")
      }
      compare(content.value, json[content.label ?? ""], "\(path).\(content.label ?? "")")
    case .struct: compareFields(mirror, json, path)
    default: report(path, "is a \(mirror.subjectType), which this test does not know")
    }
  }

  private mutating func compareFields(_ whole: Mirror, _ json: JSONValue, _ path: String) {
    let type = "\(whole.subjectType)"
    let mirror = Self.contents(whole)
    let labels = Set(mirror.children.compactMap(\.label)).subtracting(Self.derived[type] ?? [])
    let keys = Set(json.object?.members.map(\.key) ?? [])
    for label in labels.subtracting(keys) { report(path, "\(type).\(label) is not encoded") }
    for key in keys.subtracting(labels) { report(path, "\(key) is encoded, and no field of \(type)") }
    for child in mirror.children {
      guard let label = child.label, labels.contains(label) else { continue }
      compare(child.value, json[label], "\(path).\(label)")
    }
  }

  /// The fields of a value, also where its copies share them in an object behind it.
  private static func contents(_ whole: Mirror) -> Mirror {
    guard whole.children.count == 1, let only = whole.children.first else { return whole }
    let content = Mirror(reflecting: only.value)
    return content.displayStyle == .class ? content : whole
  }

  private mutating func see(_ path: String, isThere: Bool) { isSeen[path] = isSeen[path] == true || isThere }

  private mutating func check(_ condition: Bool, _ path: String, _ problem: String) {
    if !condition { report(path, problem) }
  }

  private mutating func report(_ path: String, _ problem: String) { problems.insert("\(path): \(problem)") }
}
