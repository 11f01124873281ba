public import JSON

/// Texts by keys.
public struct ConfigMap: WritableObject, Hashable {
  public static let resource = APIResource.configMaps

  public var metadata: ObjectMeta
  /// The texts.
  public var data: [String: String]

  /// Creates a ConfigMap.
  public init(metadata: ObjectMeta, data: [String: String]) {
    self.metadata = metadata
    self.data = data
  }

  public init(_ json: JSONValue) throws(KubernetesError) {
    metadata = try ObjectMeta(of: json)
    data = try ObjectReader(json, "ConfigMap").strings("data")
  }

  public var json: JSONValue {
    document([("data", .object(JSONObject(sorted: data.mapValues(JSONValue.string))))])
  }
}
