internal import Base64
public import HTTPTransport

/// How a caller says who it is, beside a certificate. Prints no secrets.
public enum Credentials: Sendable, Hashable {
  /// Not at all, or by certificate only.
  case none
  /// A token.
  case token(BearerToken)
  /// A token in a file, which is read again as it changes.
  case tokenFile(String)
  /// A name and a password.
  case basic(BasicCredential)
  /// What a program prints.
  case exec(ExecPlugin)
}

/// A name and a password. Prints the name only.
public struct BasicCredential: Sendable, Hashable {
  /// The name.
  public let username: String
  let password: String

  /// Keeps a name and a password.
  public init(username: String, password: String) {
    self.username = username
    self.password = password
  }

  /// The value of the field `Authorization`.
  var authorization: String { "Basic " + Base64.encode(Array("\(username):\(password)".utf8)) }
}

extension BasicCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "\(username):<redacted>" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
