internal import Colonies
internal import JSON

/// What the server answers when it does what was asked.
struct Reply: Sendable {
  /// Makes the reply's value. Called outside the engine, where no other request waits for it.
  var value: @Sendable () throws -> JSONValue
  var layout: JSONValue.Layout
  /// What has to be on disk before the reply is sent; nil when everything is already.
  var stored: Stored<Void>?
  /// The attempt that this reply hands to a worker. If the reply cannot be delivered, the process goes back.
  var granted: Grant?

  /// A process that was assigned.
  struct Grant: Sendable, Hashable {
    var processID: String
    var attempt: Int
  }

  init(_ value: JSONValue, _ layout: JSONValue.Layout) {
    self.value = { value }
    self.layout = layout
  }

  /// A success without content.
  static let empty = Reply([:], .compact)

  /// A value as one API's servers lay it out.
  init(_ value: JSONValue, _ api: API) {
    self.init(value, api == .runtime ? .indented(4) : .compact)
  }

  /// Processes, which the executor API indents, unlike everything else.
  init(_ api: API, processes: @escaping @Sendable () throws -> JSONValue) {
    value = processes
    layout = .indented(api == .runtime ? 4 : 2)
  }
}
