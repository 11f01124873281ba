internal import CCrypto

/// SHA3-256 of FIPS 202 (not the older Keccak-256), from OpenSSL.
public enum SHA3 {
  /// The 32-byte digest of some bytes.
  public static func hash256(_ bytes: some Collection<UInt8>) -> [UInt8] {
    if let digest = bytes.withContiguousStorageIfAvailable(digest) { return digest }
    return Array(bytes).withUnsafeBufferPointer(digest)
  }

  // Fetched once: a fetch takes locks and searches providers. Safe to share: an `EVP_MD` is constant after
  // it is fetched, and OpenSSL documents it as usable from any thread.
  nonisolated(unsafe) private static let algorithm = EVP_MD_fetch(nil, "SHA3-256", nil)

  private static func digest(_ buffer: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { output, count in
      var length: UInt32 = 0
      let status = EVP_Digest(
        buffer.baseAddress, buffer.count, output.baseAddress, &length, algorithm, nil)
      // Without its hash the program can neither sign nor check anything; OpenSSL fails here only when its
      // default provider is missing.
      precondition(status == 1 && length == 32, "OpenSSL offers no SHA3-256")
      count = 32
    }
  }
}
