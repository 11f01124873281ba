public import JSON

/// A Deployment's replicas, wanted and present.
public struct Deployment: ResourceObject, Hashable {
  public static let resource = APIResource.deployments

  public var metadata: ObjectMeta
  /// How many replicas are wanted.
  public var replicas: Int
  /// The pods' labels, as far as the selector asks for exact values.
  public var matchLabels: [String: String]
  /// Whether changes of the pods' template are held back.
  public var isPaused: Bool
  /// Up to which generation the controller has looked at the Deployment.
  public var observedGeneration: Int
  /// How many pods there are.
  public var currentReplicas: Int
  /// How many of them have the present template.
  public var updatedReplicas: Int
  /// How many of them are ready.
  public var readyReplicas: Int
  /// How many of them have been ready for long enough.
  public var availableReplicas: Int

  public init(_ json: JSONValue) throws(KubernetesError) {
    let reader = try ObjectReader(json, "Deployment")
    metadata = try ObjectMeta(of: json)
    let spec = try reader.nested("spec")
    replicas = try spec.int("replicas") ?? 1
    matchLabels = try spec.nested("selector").strings("matchLabels")
    isPaused = try spec.bool("paused") ?? false
    let status = try reader.nested("status")
    observedGeneration = try status.int("observedGeneration") ?? 0
    currentReplicas = try status.int("replicas") ?? 0
    updatedReplicas = try status.int("updatedReplicas") ?? 0
    readyReplicas = try status.int("readyReplicas") ?? 0
    availableReplicas = try status.int("availableReplicas") ?? 0
  }
}
