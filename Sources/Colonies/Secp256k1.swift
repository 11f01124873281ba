internal import CSecp256k1

/// The few operations of libsecp256k1 that the protocol needs, on plain bytes.
enum Secp256k1 {
  // A context is constant after it was made, and the library documents it as safe for concurrent use then.
  nonisolated(unsafe) private static let context: OpaquePointer = {
    guard let context = secp256k1_context_create(secp256k1_context_none) else {
      preconditionFailure("libsecp256k1 could not allocate its context")
    }
    // Blinds signing against side channels.
    _ = secp256k1_context_randomize(context, SecureRandom.bytes(32))
    return context
  }()

  /// The uncompressed public key, 65 bytes, or nil when the 32 bytes are not a private key.
  static func publicKey(of privateKey: [UInt8]) -> [UInt8]? {
    var key = secp256k1_pubkey()
    guard secp256k1_ec_pubkey_create(context, &key, privateKey) == 1 else { return nil }
    return serialized(&key)
  }

  /// A deterministic (RFC 6979) recoverable signature: r, s and the recovery id in 65 bytes.
  /// - Parameter digest: 32 bytes.
  static func sign(digest: [UInt8], privateKey: [UInt8]) -> [UInt8] {
    var signature = secp256k1_ecdsa_recoverable_signature()
    let status = secp256k1_ecdsa_sign_recoverable(context, &signature, digest, privateKey, nil, nil)
    precondition(status == 1, "a checked private key can sign")
    var bytes = [UInt8](repeating: 0, count: 64)
    var recoveryID: Int32 = 0
    secp256k1_ecdsa_recoverable_signature_serialize_compact(context, &bytes, &recoveryID, &signature)
    bytes.append(UInt8(recoveryID))
    return bytes
  }

  /// The uncompressed public key that made a signature, or nil when no key can have made it.
  /// - Parameter recoveryID: 0…3; the library ends the process on anything else.
  static func recover(compact: [UInt8], recoveryID: Int32, digest: [UInt8]) -> [UInt8]? {
    precondition((0...3).contains(recoveryID) && compact.count == 64 && digest.count == 32)
    var signature = secp256k1_ecdsa_recoverable_signature()
    guard
      secp256k1_ecdsa_recoverable_signature_parse_compact(context, &signature, compact, recoveryID) == 1
    else { return nil }
    var key = secp256k1_pubkey()
    guard secp256k1_ecdsa_recover(context, &key, &signature, digest) == 1 else { return nil }
    return serialized(&key)
  }

  private static func serialized(_ key: inout secp256k1_pubkey) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 65)
    var length = bytes.count
    secp256k1_ec_pubkey_serialize(context, &bytes, &length, &key, secp256k1_ec_uncompressed)
    return bytes
  }
}
