/// The SHA-256 of a public key (of its SubjectPublicKeyInfo in DER): the same for every certificate of that
/// key.
///
/// `openssl x509 -in server.crt -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256
/// -binary | base64` prints it.
public struct PublicKeyPin: Sendable, Hashable, CustomStringConvertible {
  /// The hash in padded base64.
  public let base64: String

  /// Returns nil when the text is not the base64 of 32 bytes.
  public init?(base64: String) {
    let text = Array(base64.utf8)
    // 32 bytes are 43 characters and one of padding.
    guard text.count == 44, text[43] == UInt8(ascii: "=") else { return nil }
    let isBase64 = text.dropLast().allSatisfy { character in
      switch character {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
        true
      default: false
      }
    }
    guard isBase64 else { return nil }
    self.base64 = base64
  }

  public var description: String { "sha256//" + base64 }
}
