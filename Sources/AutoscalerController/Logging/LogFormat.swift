public import Logging

/// How log lines are written.
public enum LogFormat: String, Sendable, Hashable, CaseIterable {
  /// For people: time, level, scaler, message, and the rest as `key=value`.
  case text
  /// For machines: one JSON object a line.
  case json

  /// A handler that writes to standard error.
  public func handler(label: String) -> any LogHandler {
    LineLogHandler(format: self, label: label, emit: StandardError.write)
  }
}
