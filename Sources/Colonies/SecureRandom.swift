internal import CCrypto

/// Random bytes fit for keys and ids, from OpenSSL's generator.
public enum SecureRandom {
  /// This many unpredictable bytes.
  public static func bytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      let status = RAND_bytes(buffer.baseAddress, Int32(count))
      // A key from a generator that was not seeded would be guessable: better to end.
      precondition(status == 1, "OpenSSL's random generator is not seeded")
      initialized = count
    }
  }

  /// A new id of the form that processes, attributes and identities have: 64 lower-case hexadecimal digits.
  public static func identifier() -> String { Hexadecimal.encode(bytes(32)) }
}
