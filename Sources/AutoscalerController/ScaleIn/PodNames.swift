/// The names that the cluster gives to the pods of an object.
///
/// Another object's name may begin with this one's: `web-api-6d4cf-x2x9k` is no pod of the Deployment `web`.
struct PodNames: Sendable, Hashable {
  private enum Form: Hashable {
    /// What a Deployment's ReplicaSet makes: a hash of the template, and five letters or digits.
    case hashed
    /// What a StatefulSet makes: a number.
    case numbered
  }

  /// What all of the names begin with.
  let prefix: String
  private let form: Form

  /// The longest beginning of a name to which the cluster still adds its five letters.
  private static let longestBase = 58
  private static let suffixLength = 5
  private static let longestHash = 10

  init(_ object: ClusterObject) {
    form = object.kind.kind == "StatefulSet" ? .numbered : .hashed
    prefix = form == .numbered ? "\(object.name)-" : String("\(object.name)-".prefix(Self.longestBase))
  }

  /// Whether a name is one of them. Says no for names that were cut, from which nobody can tell.
  func contains(_ name: String) -> Bool {
    guard name.hasPrefix(prefix) else { return false }
    let parts = name.dropFirst(prefix.count).split(separator: "-", omittingEmptySubsequences: false)
    switch form {
    case .numbered: return parts.count == 1 && !parts[0].isEmpty && parts[0].utf8.allSatisfy(\.isDigit)
    case .hashed:
      return parts.count == 2 && (1...Self.longestHash).contains(parts[0].utf8.count)
        && parts[1].utf8.count == Self.suffixLength && parts.allSatisfy { $0.utf8.allSatisfy(\.isMadeUp) }
    }
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }

  /// Whether the cluster uses the character in names that it makes up. It leaves out vowels, and digits that look
  /// like them, so that no words come out.
  fileprivate var isMadeUp: Bool { Self.alphabet.contains(self) }

  private static let alphabet = Set("bcdfghjklmnpqrstvwxz2456789".utf8)
}
