public import JSON

/// What Kubernetes' own autoscaler scales.
public struct HorizontalPodAutoscaler: ResourceObject, Hashable {
  /// Served by every version; also shows the objects that were written as `v2`.
  public static let resource = APIResource(
    group: "autoscaling", version: "v1", plural: "horizontalpodautoscalers", kind: "HorizontalPodAutoscaler")

  public var metadata: ObjectMeta
  /// What it scales.
  public var target: ScaleTargetReference

  /// The KEDA ScaledObject that made it, if one did.
  public var scaledObject: String? { metadata.labels["scaledobject.keda.sh/name"] }

  public init(_ json: JSONValue) throws(KubernetesError) {
    metadata = try ObjectMeta(of: json)
    let spec = try ObjectReader(json, "HorizontalPodAutoscaler").nested("spec")
    target = try ScaleTargetReference(spec.nested("scaleTargetRef"), defaultKind: "")
  }
}
