public import JSON

/// A named text that belongs to a process: its environment, its results, its errors.
public struct Attribute: Sendable, Hashable {
  /// What an attribute is for. The two APIs number environment entries differently.
  public enum Kind: Sendable, Hashable, CaseIterable {
    case input, output, error, environment

    /// The number that stands for this kind.
    public func code(_ api: API) -> Int {
      switch self {
      case .input: 0
      case .output: 1
      case .error: 2
      case .environment: api == .runtime ? 4 : 3
      }
    }

    /// The kind that a number stands for, or nil when it stands for none.
    public init?(code: Int, api: API) {
      guard let kind = Self.allCases.first(where: { $0.code(api) == code }) else { return nil }
      self = kind
    }
  }

  /// Derived from the process, the key and the kind: see `Attribute.id(process:key:kind:api:)`.
  public var id: String
  /// The process that it belongs to.
  public var processID: String
  /// The process's colony. Runtime API.
  public var colonyID: String
  /// The process's colony. Executor API.
  public var colonyName: String
  /// What it is for.
  public var kind: Kind
  /// Its name, unique in the process among those of its kind.
  public var key: String
  /// Its text; the size of a request bounds it.
  public var value: String
  /// The process's state. Executor API.
  public var state: ProcessState

  /// Describes an attribute; the server works out its id.
  public init(
    id: String = "", processID: String, colonyID: String = "", colonyName: String = "", kind: Kind,
    key: String, value: String, state: ProcessState = .waiting
  ) {
    self.id = id
    self.processID = processID
    self.colonyID = colonyID
    self.colonyName = colonyName
    self.kind = kind
    self.key = key
    self.value = value
    self.state = state
  }

  /// The protocol's id of an attribute: SHA3-256, in hexadecimal, of the process's id, the key and the
  /// kind's number behind each other.
  public static func id(process: String, key: String, kind: Kind, api: API) -> String {
    Hexadecimal.encode(SHA3.hash256("\(process)\(key)\(kind.code(api))".utf8))
  }
}

extension Attribute {
  /// Reads an attribute as one API writes it.
  public init(_ reader: JSONReader, api: API) throws(JSONTypeError) {
    let code = try reader.int("attributetype")
    guard let kind = Kind(code: code, api: api) else {
      throw JSONTypeError(
        found: "number \(code)", structure: "Attribute", path: "attributetype", expected: "int")
    }
    try self.init(
      id: reader.string("attributeid"), processID: reader.string("targetid"),
      colonyID: api == .runtime ? reader.string("targetcolonyid") : "",
      colonyName: api == .executor ? reader.string("targetcolonyname") : "", kind: kind,
      key: reader.string("key"), value: reader.string("value"),
      state: ProcessState(rawValue: reader.int("state")) ?? .waiting)
  }

  /// The attribute as one API writes it.
  public func json(_ api: API) -> JSONValue {
    switch api {
    case .runtime:
      [
        "attributeid": .string(id), "targetid": .string(processID), "targetcolonyid": .string(colonyID),
        "attributetype": .integer(kind.code(api)), "key": .string(key), "value": .string(value),
      ]
    case .executor:
      [
        "attributeid": .string(id), "targetid": .string(processID),
        "targetcolonyname": .string(colonyName), "targetprocessgraphid": "",
        "state": .integer(state.rawValue), "attributetype": .integer(kind.code(api)),
        "key": .string(key), "value": .string(value),
      ]
    }
  }
}
