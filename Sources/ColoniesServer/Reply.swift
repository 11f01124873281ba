internal import Colonies
internal import JSON

/// What the server answers when it does what was asked.
struct Reply: Sendable {
  var value: JSONValue
  var layout: JSONValue.Layout
  /// The attempt that this reply hands to a worker. If the reply cannot be delivered, the process goes back.
  var granted: Grant?

  /// A process that was assigned.
  struct Grant: Sendable, Hashable {
    var processID: String
    var attempt: Int
  }

  init(_ value: JSONValue, _ layout: JSONValue.Layout) {
    self.value = value
    self.layout = layout
  }

  /// A success without content.
  static let empty = Reply([:], .compact)

  /// A value as one API's servers lay it out.
  init(_ value: JSONValue, _ api: API) {
    self.init(value, api == .runtime ? .indented(4) : .compact)
  }

  /// Processes, which the executor API indents, unlike everything else.
  init(processes value: JSONValue, _ api: API) {
    self.init(value, .indented(api == .runtime ? 4 : 2))
  }
}
