public import JSON

/// What KEDA scales: its ScaledObject, of `keda.sh/v1alpha1`.
public struct KEDAScaledObject: ResourceObject, Hashable {
  public static let resource = APIResource(
    group: "keda.sh", version: "v1alpha1", plural: "scaledobjects", kind: "ScaledObject")

  public var metadata: ObjectMeta
  /// What it scales.
  public var target: ScaleTargetReference

  public init(_ json: JSONValue) throws(KubernetesError) {
    metadata = try ObjectMeta(of: json)
    let spec = try ObjectReader(json, "ScaledObject").nested("spec")
    // KEDA takes a reference without a kind to mean a Deployment.
    target = try ScaleTargetReference(spec.nested("scaleTargetRef"), defaultKind: "Deployment")
    if target.apiVersion == nil, target.kind == "Deployment" { target.apiVersion = "apps/v1" }
  }
}
