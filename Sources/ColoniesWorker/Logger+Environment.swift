internal import LineLogging
public import Logging

extension Logger {
  /// A logger as `LOG_FORMAT` (text, json) and `LOG_LEVEL` (trace … critical) ask for it, to standard error.
  /// By default text, from `info` on.
  public init(label: String, reading reader: inout EnvironmentReader) {
    let format = reader.choice("LOG_FORMAT", of: ["text": LogFormat.text, "json": .json]) ?? .text
    let level = reader.choice(
      "LOG_LEVEL",
      of: [
        "trace": Logger.Level.trace, "debug": .debug, "info": .info, "notice": .notice,
        "warning": .warning, "error": .error, "critical": .critical,
      ])
    self.init(label: label) { format.handler(label: $0) }
    logLevel = level ?? .info
  }
}
