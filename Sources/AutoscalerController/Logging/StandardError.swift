internal import Glibc

/// The program's standard error.
enum StandardError {
  /// Writes a line in one call, so that lines of several threads do not mix. What cannot be written is lost:
  /// there is nowhere to say so.
  @Sendable static func write(_ line: [UInt8]) {
    _ = line.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
