package import Colonies
internal import Files
internal import Glibc

/// Where a private key is kept. Never the key itself.
public enum KeySource: Sendable, Hashable {
  /// A file that holds the key's 64 hexadecimal digits.
  case file(String)
  /// A variable of the autoscaler's environment.
  case environment(String)

  /// Reads the key. Done for each request, so that a key that was exchanged is used from then on.
  /// - Throws: `KeyError`, which never contains what was found.
  package func load() throws(KeyError) -> PrivateKey {
    let text: String
    switch self {
    case .file(let path):
      do {
        text = try File.text(path, limit: 4_096)
      } catch {
        throw KeyError(source: self, reason: "cannot be read: \(error.reason)")
      }
    case .environment(let name):
      guard let value = getenv(name) else { throw KeyError(source: self, reason: "is not set") }
      text = String(cString: value)
    }
    do {
      return try PrivateKey(hexadecimal: String(text.trimmingWhitespace))
    } catch {
      throw KeyError(source: self, reason: "does not hold a private key of 64 hexadecimal digits")
    }
  }

  /// Whether a text is written as private keys are, and so may be one.
  static func looksLikeKey(_ text: String) -> Bool {
    let trimmed = text.trimmingWhitespace
    return trimmed.utf8.count == 64 && trimmed.allSatisfy { $0.isASCII && $0.isHexDigit }
  }
}

extension KeySource: CustomStringConvertible {
  /// Where the key is.
  public var description: String {
    switch self {
    case .file(let path): "file \(path)"
    case .environment(let name): "environment variable \(name)"
    }
  }
}

/// Why there is no key to ask with.
package struct KeyError: Error, Hashable, CustomStringConvertible {
  let source: KeySource
  let reason: String

  package var description: String { "the key's \(source) \(reason)" }
}

extension String {
  fileprivate var trimmingWhitespace: Substring {
    var text = self[...]
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }
}
