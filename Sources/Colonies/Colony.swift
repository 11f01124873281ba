public import JSON

/// A group of workers and the processes they work on. Its id is the identity of its owner's key.
public struct Colony: Sendable, Hashable {
  public var id: String
  public var name: String

  public init(id: String, name: String) {
    self.id = id
    self.name = name
  }

  /// Reads a colony; the same in both APIs.
  public init(_ reader: JSONReader) throws(JSONTypeError) {
    try self.init(id: reader.string("colonyid"), name: reader.string("name"))
  }

  /// The colony as it travels.
  public var json: JSONValue { ["colonyid": .string(id), "name": .string(name)] }
}

/// Which colony a request is about: the runtime API names it by id, the executor API by name. A client that
/// knows both works with either API.
public struct ColonyReference: Sendable, Hashable {
  public var id: String
  public var name: String

  public init(id: String = "", name: String = "") {
    self.id = id
    self.name = name
  }

  init(_ reader: JSONReader) throws(JSONTypeError) {
    try self.init(id: reader.string("colonyid"), name: reader.string("colonyname"))
  }

  func member(_ api: API) -> JSONObject.Member {
    switch api {
    case .runtime: JSONObject.Member(key: "colonyid", value: .string(id))
    case .executor: JSONObject.Member(key: "colonyname", value: .string(name))
    }
  }
}
