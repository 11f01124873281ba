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
  /// Which pods are its own; nil in kinds that do not say so in `spec.selector`.
  let podSelector: LabelSelector?
  /// Why no more pods can be made, in the words of the quota that forbids them; nil when none does.
  let exceededQuota: String?

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
    podSelector = LabelSelector(of: json)
    let conditions = json["status"]?["conditions"]?.array ?? []
    let failure = conditions.first {
      $0["type"]?.string == "ReplicaFailure" && $0["status"]?.string == "True"
    }
    exceededQuota = failure?["message"]?.string.flatMap(Self.quotaMessage)
  }

  /// The part of a message that is about a quota, without the name of a pod, which is another one each time.
  private static func quotaMessage(_ message: String) -> String? {
    let marker = "exceeded quota"
    var rest = message[...]
    while !rest.hasPrefix(marker) {
      guard !rest.isEmpty else { return nil }
      rest = rest.dropFirst()
    }
    return String(rest.prefix(200))
  }

  /// Whether a person wants the object left alone. Whoever writes anything but a plain no is taken to mean it.
  var isPaused: Bool {
    guard let value = metadata.annotations[Self.pauseAnnotation] else { return false }
    return !["", "false"].contains(value.lowercased())
  }
}
