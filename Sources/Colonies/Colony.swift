public import JSON

/// A group of workers and the processes they work on. Its id is the identity of its owner's key.
public struct Colony: Sendable, Hashable {
  /// The identity of its owner: 64 hexadecimal digits.
  public var id: String
  /// Its name, unique on a server.
  public var name: String

  /// Describes a colony.
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
  /// For the runtime API; may be empty where only the executor API is spoken.
  public var id: String
  /// For the executor API; may be empty where only the runtime API is spoken.
  public var name: String

  /// Names a colony by id, by name, or by both.
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
