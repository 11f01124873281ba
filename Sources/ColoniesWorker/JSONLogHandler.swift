internal import Colonies
internal import JSON
internal import Logging

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Writes log events as JSON, one object a line: `time`, `level`, `logger`, `message`, and the metadata under
/// its own keys in `metadata`.
struct JSONLogHandler: LogHandler {
  let label: String
  var logLevel = Logger.Level.info
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?
  var emit: @Sendable ([UInt8]) -> Void = Self.writeToStandardError

  init(label: String) { self.label = label }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var object = JSONObject()
    object.append("time", .string(Timestamp.now().rfc3339))
    object.append("level", .string(event.level.rawValue))
    object.append("logger", .string(label))
    object.append("message", .string("\(event.message)"))
    if let error = event.error { object.append("error", .string("\(error)")) }
    let all = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }.merging(event.metadata ?? [:]) { $1 }
    if !all.isEmpty { object.append("metadata", Self.json(all)) }
    emit(JSONValue.object(object).encoded() + [UInt8(ascii: "\n")])
  }

  private static func json(_ metadata: Logger.Metadata) -> JSONValue {
    .object(
      JSONObject(
        metadata.sorted { $0.key < $1.key }.map { JSONObject.Member(key: $0.key, value: json($0.value)) }))
  }

  private static func json(_ value: Logger.MetadataValue) -> JSONValue {
    switch value {
    case .string(let text): .string(text)
    case .stringConvertible(let value): .string("\(value)")
    case .array(let values): .array(values.map(json))
    case .dictionary(let values): json(values)
    }
  }

  /// One call for a line, so that lines of several threads do not mix. What cannot be written is lost: there
  /// is nowhere to say so.
  private static func writeToStandardError(_ bytes: [UInt8]) {
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
