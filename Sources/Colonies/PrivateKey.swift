internal import CSecp256k1

/// A secp256k1 private key. Who holds it is who it identifies.
public struct PrivateKey: Sendable, Hashable {
  /// Why a text is not a private key. Never contains the text.
  public enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
    case notHexadecimal(Hexadecimal.Failure)
    case wrongLength
    case outOfRange

    /// The protocol's words.
    public var description: String {
      switch self {
      case .notHexadecimal(let failure): failure.description
      case .wrongLength: "Invalid private key length, should be 256 bits"
      case .outOfRange: "Invalid private key"
      }
    }
  }

  let bytes: [UInt8]
  /// The identity: SHA3-256, in hexadecimal, of the hexadecimal text of the uncompressed public key.
  public let id: String
  /// The uncompressed public key: 130 lower-case hexadecimal digits, beginning with `04`.
  public let publicKey: String

  /// Reads a key of exactly 64 hexadecimal digits.
  /// - Throws: `Failure` when it has another length, another character, or is zero or not below the curve's
  ///   order.
  public init(hexadecimal text: String) throws(Failure) {
    let bytes: [UInt8]
    do {
      bytes = try Hexadecimal.decode(text)
    } catch {
      throw .notHexadecimal(error)
    }
    guard bytes.count == 32 else { throw .wrongLength }
    guard let publicKey = Secp256k1.publicKey(of: bytes) else { throw .outOfRange }
    self.bytes = bytes
    self.publicKey = Hexadecimal.encode(publicKey)
    id = Identity.of(publicKey: publicKey)
  }

  /// Makes a new key.
  public init() {
    while true {
      // A draw outside the curve's order has a chance of 2^-128; draw again.
      if let key = try? PrivateKey(hexadecimal: SecureRandom.identifier()) {
        self = key
        return
      }
    }
  }

  /// The key as 64 hexadecimal digits, for storing it. Never log it.
  public var hexadecimal: String { Hexadecimal.encode(bytes) }
}

extension PrivateKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The identity; never the key.
  public var description: String { "<private key of \(id)>" }
  /// The identity; never the key.
  public var debugDescription: String { description }
  /// Only the identity, so that a dump does not show the key.
  public var customMirror: Mirror { Mirror(self, children: ["id": id]) }
}

/// How an identity follows from a public key.
enum Identity {
  /// - Parameter publicKey: The uncompressed key, 65 bytes.
  static func of(publicKey: [UInt8]) -> String {
    Hexadecimal.encode(SHA3.hash256(Hexadecimal.encode(publicKey).utf8))
  }
}
