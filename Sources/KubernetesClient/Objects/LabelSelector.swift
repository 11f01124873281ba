public import JSON

/// Which objects something is about, by their labels.
public struct LabelSelector: Sendable, Hashable {
  /// A rule about one label.
  public struct Requirement: Sendable, Hashable {
    /// How the label is compared.
    public enum Operator: String, Sendable, Hashable {
      case isOneOf = "In"
      case isNoneOf = "NotIn"
      case exists = "Exists"
      case doesNotExist = "DoesNotExist"
    }

    /// The label.
    public var key: String
    /// How it is compared.
    public var comparison: Operator
    /// What it is compared with; empty where only its presence matters.
    public var values: [String]

    /// The rule as queries write it.
    public var text: String {
      let list = values.joined(separator: ",")
      return switch comparison {
      case .isOneOf: "\(key) in (\(list))"
      case .isNoneOf: "\(key) notin (\(list))"
      case .exists: key
      case .doesNotExist: "!\(key)"
      }
    }
  }

  /// The rules, all of which must hold; without any, every object is meant.
  public var requirements: [Requirement]

  /// Reads the selector that Deployments, StatefulSets and others have in `spec.selector`; nil when the object
  /// has none there, or one with a rule that is not known here: less than all rules would mean other objects.
  public init?(of object: JSONValue) {
    guard let selector = object["spec"]?["selector"], selector.object != nil else { return nil }
    requirements = []
    for label in (selector["matchLabels"]?.object?.meaning ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let value = label.value.string else { return nil }
      requirements.append(Requirement(key: label.key, comparison: .isOneOf, values: [value]))
    }
    for expression in selector["matchExpressions"]?.array ?? [] {
      guard let key = expression["key"]?.string,
        let comparison = expression["operator"]?.string.flatMap(Requirement.Operator.init)
      else { return nil }
      let values = (expression["values"]?.array ?? []).compactMap(\.string)
      requirements.append(Requirement(key: key, comparison: comparison, values: values))
    }
  }

  /// The selector as queries write it.
  public var text: String { requirements.map(\.text).joined(separator: ",") }
}
