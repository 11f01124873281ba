internal import JSON
internal import KubernetesClient

/// What the autoscaler looks at in an object that it scales.
struct ScaledObject: KubernetesObject {
  var metadata: ObjectMeta
  /// `spec.replicas`, which Deployments and StatefulSets take to be 1 when it is absent. Other kinds may say
  /// elsewhere how many replicas are wanted.
  let declaredReplicas: Int?
  /// `status.readyReplicas`, which is absent when there are none, and in kinds that do not have it.
  let readyReplicas: Int?

  /// The annotation with which people pause a scaler.
  static let pauseAnnotation = "autoscaling.colonies.io/paused"

  init(_ json: JSONValue) throws(KubernetesError) {
    metadata = try ObjectMeta(of: json)
    // Of a thousand objects, only what is used is worth its memory.
    let pause = metadata.annotations[Self.pauseAnnotation]
    metadata.annotations = pause.map { [Self.pauseAnnotation: $0] } ?? [:]
    metadata.labels = [:]
    declaredReplicas = json["spec"]?["replicas"]?.int
    readyReplicas = json["status"]?["readyReplicas"]?.int
  }

  /// Whether a person wants the object left alone. Whoever writes anything but a plain no is taken to mean it.
  var isPaused: Bool {
    guard let value = metadata.annotations[Self.pauseAnnotation] else { return false }
    return !["", "false"].contains(value.lowercased())
  }
}
