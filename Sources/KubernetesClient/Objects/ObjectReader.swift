internal import JSON

/// Reads the fields of an object. What is absent or null is nil; what has another type is an error.
struct ObjectReader {
  private let json: JSONValue
  private let path: String

  init(_ json: JSONValue, _ path: String) throws(KubernetesError) {
    guard json.object != nil else {
      throw KubernetesError(.invalidReply, "\(path) is not an object", mayHaveHappened: true)
    }
    self.json = json
    self.path = path
  }

  /// The value of a field, unless it is absent or null.
  func value(_ key: String) -> JSONValue? {
    guard let value = json[key], value != .null else { return nil }
    return value
  }

  func string(_ key: String) throws(KubernetesError) -> String? {
    try read(key, "a string", \.string)
  }

  func int(_ key: String) throws(KubernetesError) -> Int? { try read(key, "a whole number", \.int) }

  func bool(_ key: String) throws(KubernetesError) -> Bool? { try read(key, "a boolean", \.bool) }

  func time(_ key: String) throws(KubernetesError) -> KubernetesTime? {
    try read(key, "a time") { $0.string.flatMap { KubernetesTime($0) } }
  }

  /// Texts by exact keys, none when the field is absent.
  func strings(_ key: String) throws(KubernetesError) -> [String: String] {
    let values = try read(key, "a map of strings") { value -> [String: String]? in
      guard let object = value.object else { return nil }
      let texts = object.meaning.compactMapValues(\.string)
      return texts.count == object.meaning.count ? texts : nil
    }
    return values ?? [:]
  }

  func list(_ key: String) throws(KubernetesError) -> [JSONValue] { try read(key, "a list", \.array) ?? [] }

  /// The object in a field; an empty one when the field is absent.
  func nested(_ key: String) throws(KubernetesError) -> ObjectReader {
    try ObjectReader(value(key) ?? .object(JSONObject()), "\(path).\(key)")
  }

  private func read<Value>(
    _ key: String, _ expected: String, _ convert: (JSONValue) -> Value?
  ) throws(KubernetesError) -> Value? {
    guard let found = value(key) else { return nil }
    guard let value = convert(found) else {
      throw KubernetesError(.invalidReply, "\(path).\(key) is not \(expected)", mayHaveHappened: true)
    }
    return value
  }
}
