internal import Colonies

/// The ids that the server gives to processes: 48 random hexadecimal digits, then the 16 of the process's
/// sequence number.
///
/// With the number the store finds a process by its row. An index of random ids would have to write another
/// page for almost every process.
enum ProcessID {
  static func make(sequence: Int64) -> String {
    Hexadecimal.encode(
      SecureRandom.bytes(24) + (0..<8).map { UInt8(truncatingIfNeeded: sequence >> (56 - 8 * $0)) })
  }

  /// The sequence number in an id, or nil when it cannot be one of this server's. Whether there is a process of
  /// this id is for the store to say.
  static func sequence(_ id: String) -> Int64? {
    id.utf8.count == 64 ? Int64(id.suffix(16), radix: 16) : nil
  }
}
