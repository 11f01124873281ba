/// Parses YAML text into a tree of nodes.
///
/// One document per text. Refused, always with the position: text that is not YAML or not UTF-8, keys given
/// twice, keys that are not text, merge keys, aliases without an anchor, and whatever passes the limits.
public struct YAMLParser: Sendable {
  /// The limits in force.
  public let limits: YAMLLimits

  /// Creates a parser.
  public init(limits: YAMLLimits = YAMLLimits()) {
    self.limits = limits
  }

  /// Parses text; `file` is the name that errors show. A text without content is a null scalar.
  public func parse(_ text: String, file: String) throws(YAMLError) -> YAMLNode {
    try parse(Array(text.utf8), file: file)
  }

  /// Parses the bytes of a file, which must be UTF-8; a byte order mark is skipped.
  public func parse(_ bytes: [UInt8], file: String) throws(YAMLError) -> YAMLNode {
    guard bytes.count <= limits.maximumBytes else {
      throw YAMLError(
        file: file, mark: .start,
        message: "must be at most \(limits.maximumBytes) bytes, has \(bytes.count)")
    }
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let start = bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0
    return try bytes[start...].withUnsafeBufferPointer { (content) throws(YAMLError) in
      let events = try YAMLEventSource(content, file: file)
      var composer = YAMLComposer(events: events, file: file, limits: limits)
      return try composer.document()
    }
  }
}
