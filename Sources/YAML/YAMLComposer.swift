/// Builds the node tree from events, replaces aliases and keeps the limits.
struct YAMLComposer: ~Copyable {
  /// A finished node that has an anchor, with what repeating it would add.
  private struct Anchored {
    let node: YAMLNode
    let nodes: Int
    let depth: Int
  }

  /// A node with the depth of the tree below it, itself included.
  private struct Composed {
    let node: YAMLNode
    let depth: Int
  }

  private var events: YAMLEventSource
  private let file: String
  private let limits: YAMLLimits
  private var anchors: [String: Anchored] = [:]
  private var nodes = 0

  init(events: consuming YAMLEventSource, file: String, limits: YAMLLimits) {
    self.events = events
    self.file = file
    self.limits = limits
  }

  /// Composes the only document of the stream; an empty stream is a null scalar.
  mutating func document() throws(YAMLError) -> YAMLNode {
    guard try nextDocument() != nil else {
      return YAMLNode(.scalar(YAMLScalar(text: "", isPlain: true)), mark: .start)
    }
    let root = try node(events.next(), depth: 1).node
    if let second = try nextDocument() {
      throw YAMLError(file: file, mark: second, message: "must hold one document; a second one begins here")
    }
    return root
  }

  /// Skips to the next document and returns where it begins, or nil at the end of the stream.
  private mutating func nextDocument() throws(YAMLError) -> YAMLMark? {
    while true {
      let event = try events.next()
      if event.kind == .documentStart { return event.mark }
      if event.kind == .streamEnd { return nil }
    }
  }

  private mutating func node(_ event: YAMLEvent, depth: Int) throws(YAMLError) -> Composed {
    if case .alias(let name) = event.kind { return try repeated(name, at: event.mark, depth: depth) }
    let nodesBefore = nodes
    try count(1, depth: depth, at: event.mark)
    let content: YAMLNode.Content
    var height = 1
    switch event.kind {
    case .scalar(let scalar):
      content = .scalar(scalar)
    case .sequenceStart:
      content = .sequence(try elements(depth: depth, height: &height))
    default:
      content = .mapping(try entries(depth: depth, height: &height))
    }
    let node = YAMLNode(content, mark: event.mark, tag: event.tag)
    if let anchor = event.anchor {
      anchors[anchor] = Anchored(node: node, nodes: nodes - nodesBefore, depth: height)
    }
    return Composed(node: node, depth: height)
  }

  private mutating func elements(depth: Int, height: inout Int) throws(YAMLError) -> [YAMLNode] {
    var elements: [YAMLNode] = []
    while true {
      let event = try events.next()
      if event.kind == .end { return elements }
      let element = try node(event, depth: depth + 1)
      height = max(height, element.depth + 1)
      elements.append(element.node)
    }
  }

  private mutating func entries(depth: Int, height: inout Int) throws(YAMLError) -> YAMLMapping {
    var entries: [YAMLMapping.Entry] = []
    var marks: [String: YAMLMark] = [:]
    while true {
      let event = try events.next()
      if event.kind == .end { return YAMLMapping(entries: entries) }
      let key = try key(event, depth: depth + 1)
      if let first = marks.updateValue(event.mark, forKey: key) {
        let message = "key \(key.quotedForMessage) is given twice; first at \(first)"
        throw YAMLError(file: file, mark: event.mark, message: message)
      }
      let value = try node(events.next(), depth: depth + 1)
      height = max(height, value.depth + 1)
      entries.append(YAMLMapping.Entry(key: key, keyMark: event.mark, value: value.node))
    }
  }

  private mutating func key(_ event: YAMLEvent, depth: Int) throws(YAMLError) -> String {
    guard let scalar = try node(event, depth: depth).node.scalar else {
      throw YAMLError(file: file, mark: event.mark, message: "a key must be text, not a list or a mapping")
    }
    guard scalar != YAMLScalar(text: "<<", isPlain: true) else {
      throw YAMLError(file: file, mark: event.mark, message: "merge keys (<<) are not supported")
    }
    return scalar.text
  }

  /// An alias may only name a finished node, so a node cannot contain itself.
  private mutating func repeated(
    _ name: String, at mark: YAMLMark, depth: Int
  ) throws(YAMLError) -> Composed {
    guard let anchored = anchors[name] else {
      throw YAMLError(file: file, mark: mark, message: "alias *\(name) has no anchor &\(name) before it")
    }
    try count(anchored.nodes, depth: depth + anchored.depth - 1, at: mark)
    return Composed(node: anchored.node, depth: anchored.depth)
  }

  private mutating func count(_ added: Int, depth: Int, at mark: YAMLMark) throws(YAMLError) {
    guard depth <= limits.maximumDepth else {
      throw YAMLError(
        file: file, mark: mark, message: "is nested deeper than \(limits.maximumDepth) levels")
    }
    nodes += added
    guard nodes <= limits.maximumNodes else {
      throw YAMLError(
        file: file, mark: mark,
        message: "holds more than \(limits.maximumNodes) values, counting each alias in full")
    }
  }
}
