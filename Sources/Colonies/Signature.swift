/// Signing texts, and finding out who signed one.
public enum Signature {
  /// Why nobody can have made a signature.
  public enum Failure: Error, Sendable, Hashable {
    case notHexadecimal(Hexadecimal.Failure)
    case wrongLength
    case rIsZero, sIsZero, rTooLarge, sTooLarge
    case sInUpperHalf
    case invalidRecoveryID(UInt8)
    case notOnCurve
    case rPlusOrderTooLarge

    /// The text that servers of each API give; the two used different libraries.
    public func message(_ api: API) -> String {
      switch self {
      case .notHexadecimal(let failure): failure.description
      case .wrongLength: "Invalid signature length"
      case .sInUpperHalf:
        api == .runtime
          ? "Invalid signature" : "Failed verify signature: Signature s value is over half the order"
      default: "Failed to recover public key: " + recoveryMessage(api)
      }
    }

    private func recoveryMessage(_ api: API) -> String {
      switch (self, api) {
      case (.rIsZero, .runtime): "signature R is 0"
      case (.sIsZero, .runtime): "signature S is 0"
      case (.rTooLarge, .runtime): "signature R is >= curve order"
      case (.sTooLarge, .runtime): "signature S is >= curve order"
      case (.invalidRecoveryID, .runtime), (.rPlusOrderTooLarge, .runtime):
        "calculated Rx is larger than curve P"
      case (_, .runtime): "invalid square root"
      case (.rIsZero, .executor): "invalid signature: R is 0"
      case (.sIsZero, .executor): "invalid signature: S is 0"
      case (.rTooLarge, .executor): "invalid signature: R >= group order"
      case (.sTooLarge, .executor): "invalid signature: S >= group order"
      case (.rPlusOrderTooLarge, .executor): "invalid signature: signature R + N >= P"
      case (.invalidRecoveryID(let id), .executor):
        // That library counts from 27 in one byte.
        "invalid signature: public key recovery code \(id &+ 27) is not in the valid range [27, 34]"
      case (_, .executor): "invalid signature: not for a valid curve point"
      }
    }
  }

  /// The signature of a text: 130 hexadecimal digits (r, s, recovery id), the same for every
  /// implementation of the protocol.
  public static func sign(_ text: String, with key: PrivateKey) -> String {
    Hexadecimal.encode(Secp256k1.sign(digest: SHA3.hash256(text.utf8), privateKey: key.bytes))
  }

  /// The id of whoever signed a text. A signature of another text is usually not an error: it leads to
  /// another, unknown id.
  public static func signer(of text: String, signature: String) throws(Failure) -> String {
    let bytes: [UInt8]
    do {
      bytes = try Hexadecimal.decode(signature)
    } catch {
      throw .notHexadecimal(error)
    }
    guard bytes.count == 65 else { throw .wrongLength }
    let r = bytes[0..<32]
    let s = bytes[32..<64]
    let recoveryID = bytes[64]
    // 4…7 are 0…3 with a flag for compressed keys, which changes nothing here.
    guard recoveryID < 8 else { throw .invalidRecoveryID(recoveryID) }
    if r.allSatisfy({ $0 == 0 }) { throw .rIsZero }
    if s.allSatisfy({ $0 == 0 }) { throw .sIsZero }
    if !r.lexicographicallyPrecedes(order) { throw .rTooLarge }
    if !s.lexicographicallyPrecedes(order) { throw .sTooLarge }
    let digest = SHA3.hash256(text.utf8)
    guard
      let publicKey = Secp256k1.recover(
        compact: Array(bytes[0..<64]), recoveryID: Int32(recoveryID & 3), digest: digest)
    else { throw recoveryID & 2 != 0 ? .rPlusOrderTooLarge : .notOnCurve }
    // Each signature has a twin with the other s; only the lower one counts.
    if halfOrder.lexicographicallyPrecedes(s) { throw .sInUpperHalf }
    return Identity.of(publicKey: publicKey)
  }

  /// The order of the curve's group (SEC 2, section 2.4.1).
  private static let order: [UInt8] = [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
    0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
  ]
  /// Half of `order`, rounded down.
  private static let halfOrder: [UInt8] = [
    0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
  ]
}
