internal import Colonies
internal import JSON
internal import Logging

/// Writes each log event as one line.
///
/// In JSON, `time`, `level`, `logger` and `message` are followed by the metadata under its own keys in
/// `metadata`; numbers and booleans stay what they are.
struct LineLogHandler: LogHandler {
  let format: LogFormat
  let label: String
  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?
  private let emit: @Sendable ([UInt8]) -> Void

  init(format: LogFormat, label: String, emit: @escaping @Sendable ([UInt8]) -> Void) {
    self.format = format
    self.label = label
    self.emit = emit
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }.merging(event.metadata ?? [:]) { $1 }
    let time = Timestamp.now().rfc3339
    let line =
      switch format {
      case .text: Self.text(time, event, all)
      case .json: Self.json(time, label, event, all)
      }
    emit(line + [UInt8(ascii: "\n")])
  }

  // MARK: Text

  private static func text(_ time: String, _ event: LogEvent, _ metadata: Logger.Metadata) -> [UInt8] {
    var rest = metadata
    let scaler = rest.removeValue(forKey: "scaler").map { "\($0): " } ?? ""
    // The message says it already.
    rest["event"] = nil
    let pairs = rest.sorted { $0.key < $1.key }.map { " \($0.key)=\(quoted("\($0.value)"))" }.joined()
    let message = "\(event.message)".split(separator: "\n").joined(separator: "; ")
    return Array("\(time) \(event.level.rawValue) \(scaler)\(message)\(pairs)".utf8)
  }

  /// A value that can be told from what follows it.
  private static func quoted(_ value: String) -> String {
    let isSimple = !value.isEmpty && !value.contains { $0.isWhitespace || $0 == "\"" || $0 == "=" }
    return isSimple ? value : JSONValue.string(value).text()
  }

  // MARK: JSON

  private static func json(
    _ time: String, _ label: String, _ event: LogEvent, _ metadata: Logger.Metadata
  ) -> [UInt8] {
    var object = JSONObject()
    object.append("time", .string(time))
    object.append("level", .string(event.level.rawValue))
    object.append("logger", .string(label))
    object.append("message", .string("\(event.message)"))
    if !metadata.isEmpty { object.append("metadata", json(metadata)) }
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
