import CYAML

/// Owns a libyaml parser and turns its events into values.
///
/// The bytes it reads must outlive it.
struct YAMLEventSource: ~Copyable {
  /// libyaml keeps pointers into its own structure, so it must not move.
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let file: String

  init(_ bytes: UnsafeBufferPointer<UInt8>, file: String) throws(YAMLError) {
    parser = .allocate(capacity: 1)
    self.file = file
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      throw YAMLError(file: file, mark: .start, message: "not enough memory to parse")
    }
    // Otherwise libyaml would accept UTF-16, which nothing else here does.
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  mutating func next() throws(YAMLError) -> YAMLEvent {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
    defer { yaml_event_delete(&event) }
    return YAMLEvent(event)
  }

  private func failure() -> YAMLError {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "cannot be parsed"
    if parser.pointee.error == YAML_READER_ERROR {
      // The reader fails on bytes before they have a line and column; the last token is the nearest mark.
      let message = "must be UTF-8 text: \(problem) (at byte \(parser.pointee.problem_offset))"
      return YAMLError(file: file, mark: YAMLMark(parser.pointee.mark), message: message)
    }
    let context = parser.pointee.context.map {
      " (\(String(cString: $0)) from \(YAMLMark(parser.pointee.context_mark)))"
    }
    let mark = YAMLMark(parser.pointee.problem_mark)
    return YAMLError(file: file, mark: mark, message: "is not YAML: \(problem)\(context ?? "")")
  }
}

extension YAMLMark {
  /// Creates a position from libyaml's, which counts from 0.
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
  }
}

extension YAMLEvent {
  fileprivate init(_ event: yaml_event_t) {
    let mark = YAMLMark(event.start_mark)
    switch event.type {
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      let text = String(decoding: bytes, as: UTF8.self)
      let kind = Kind.scalar(YAMLScalar(text: text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE))
      self.init(kind: kind, mark: mark, anchor: Self.text(scalar.anchor), tag: Self.text(scalar.tag))
    case YAML_SEQUENCE_START_EVENT:
      let start = event.data.sequence_start
      self.init(kind: .sequenceStart, mark: mark, anchor: Self.text(start.anchor), tag: Self.text(start.tag))
    case YAML_MAPPING_START_EVENT:
      let start = event.data.mapping_start
      self.init(kind: .mappingStart, mark: mark, anchor: Self.text(start.anchor), tag: Self.text(start.tag))
    case YAML_ALIAS_EVENT:
      self.init(kind: .alias(Self.text(event.data.alias.anchor) ?? ""), mark: mark)
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
      self.init(kind: .end, mark: mark)
    case YAML_DOCUMENT_START_EVENT:
      self.init(kind: .documentStart, mark: mark)
    case YAML_STREAM_END_EVENT:
      self.init(kind: .streamEnd, mark: mark)
    default:
      self.init(kind: .other, mark: mark)
    }
  }

  private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    pointer.map { String(cString: $0) }
  }
}
