internal import Logging

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// How log lines are written.
package enum LogFormat: String, Sendable, Hashable, CaseIterable {
  /// For people: time, level, subject, message, and the rest as `key=value`.
  case text
  /// For machines: one JSON object a line.
  case json

  /// A handler that writes to standard error.
  /// - Parameter subject: The metadata that says what a line is about.
  package func handler(label: String, subject: String? = nil) -> LineLogHandler {
    LineLogHandler(format: self, label: label, subject: subject) { line in
      // One call, so that lines of several threads do not mix. What cannot be written is lost: there is
      // nowhere to say so.
      _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
  }
}
