internal import Colonies
internal import JSON
package import Logging

/// Writes each log event as one line.
///
/// In JSON, `time`, `level`, `logger`, `message` and, if there is one, `error` are followed by the metadata
/// under its own keys in `metadata`; numbers and booleans stay what they are. In text, the subject stands before
/// the message, and `event`, which is for machines, is left out.
package struct LineLogHandler: LogHandler {
  private let format: LogFormat
  private let label: String
  private let subject: String?
  package var logLevel = Logger.Level.info
  package var metadata: Logger.Metadata = [:]
  package var metadataProvider: Logger.MetadataProvider?
  private let emit: @Sendable ([UInt8]) -> Void

  /// Creates a handler.
  /// - Parameters:
  ///   - subject: The metadata that says what a line is about.
  ///   - emit: Takes each line, with its end.
  package init(
    format: LogFormat, label: String, subject: String? = nil, emit: @escaping @Sendable ([UInt8]) -> Void
  ) {
    self.format = format
    self.label = label
    self.subject = subject
    self.emit = emit
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    let all = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }.merging(event.metadata ?? [:]) { $1 }
    let time = Timestamp.now().rfc3339
    let line =
      switch format {
      case .text: text(time, event, all)
      case .json: json(time, event, all)
      }
    emit(line + [UInt8(ascii: "\n")])
  }

  // MARK: Text

  private func text(_ time: String, _ event: LogEvent, _ metadata: Logger.Metadata) -> [UInt8] {
    var rest = metadata
    let subject = subject.flatMap { rest.removeValue(forKey: $0) }.map { "\($0): " } ?? ""
    // The message says it already.
    rest["event"] = nil
    if let error = event.error { rest["error"] = "\(error)" }
    let pairs = rest.sorted { $0.key < $1.key }.map { " \($0.key)=\(Self.quoted("\($0.value)"))" }.joined()
    let message = "\(event.message)".split(separator: "\n").joined(separator: "; ")
    return Array("\(time) \(event.level.rawValue) \(subject)\(message)\(pairs)".utf8)
  }

  /// A value that can be told from what follows it.
  private static func quoted(_ value: String) -> String {
    let isSimple = !value.isEmpty && !value.contains { $0.isWhitespace || $0 == "\"" || $0 == "=" }
    return isSimple ? value : JSONValue.string(value).text()
  }

  // MARK: JSON

  private func json(_ time: String, _ event: LogEvent, _ metadata: Logger.Metadata) -> [UInt8] {
    var object = JSONObject()
    object.append("time", .string(time))
    object.append("level", .string(event.level.rawValue))
    object.append("logger", .string(label))
    object.append("message", .string("\(event.message)"))
    if let error = event.error { object.append("error", .string("\(error)")) }
    if !metadata.isEmpty { object.append("metadata", Self.json(metadata)) }
    return JSONValue.object(object).encoded()
  }

  private static func json(_ metadata: Logger.Metadata) -> JSONValue {
    .object(
      JSONObject(
        metadata.sorted { $0.key < $1.key }.map { JSONObject.Member(key: $0.key, value: json($0.value)) }))
  }

  private static func json(_ value: Logger.MetadataValue) -> JSONValue {
    switch value {
    case .string(let text): .string(text)
    case .stringConvertible(let value as any BinaryInteger): .integer(value)
    case .stringConvertible(let value as Double): .double(value)
    case .stringConvertible(let value as Bool): .bool(value)
    case .stringConvertible(let value): .string("\(value)")
    case .array(let values): .array(values.map(json))
    case .dictionary(let values): json(values)
    }
  }
}
