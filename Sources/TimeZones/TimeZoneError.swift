/// Why the rules of a time zone cannot be read.
package enum TimeZoneError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The bytes are not those of a zone file.
  case notAZoneFile
  /// The file ends too early, or its parts contradict each other.
  case damaged
  /// The rule for the time after the last change is not one.
  case badRule(String)

  /// What is wrong, for people.
  package var description: String {
    switch self {
    case .notAZoneFile: "is no time zone file"
    case .damaged: "is a damaged time zone file"
    case .badRule(let rule): "has a rule that cannot be understood: \(rule)"
    }
  }
}
