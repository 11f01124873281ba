/// A step of the parser through the text.
struct YAMLEvent {
  enum Kind: Equatable {
    case documentStart
    case scalar(YAMLScalar)
    case sequenceStart
    case mappingStart
    case alias(String)
    /// The end of a sequence or mapping.
    case end
    case streamEnd
    /// The start of the stream or the end of a document: nothing to act on.
    case other
  }

  let kind: Kind
  let mark: YAMLMark
  var anchor: String?
  var tag: String?
}
