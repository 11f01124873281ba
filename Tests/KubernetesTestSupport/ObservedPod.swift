package import JSON
package import KubernetesClient

/// A pod as the fakes of a cluster's programs see it, with what only they look at.
package struct ObservedPod: KubernetesObject {
  package let pod: Pod
  /// The id that no other pod ever has.
  package let uid: String
  /// The whole document.
  package let json: JSONValue
  /// How often its containers were started again.
  package let restarts: Int

  package var metadata: ObjectMeta { pod.metadata }
  package var name: String { pod.metadata.name }
  /// The id of the object that makes and deletes it; nil where there is none.
  package var controllerID: String? { json.controllerID }

  /// Whether it is to stay, as far as is known.
  package var isActive: Bool { !pod.hasEnded && !pod.isTerminating }

  package init(_ json: JSONValue) throws(KubernetesError) {
    pod = try Pod(json)
    self.json = json
    guard let uid = pod.metadata.uid else { throw KubernetesError(.invalidReply, "a pod has no uid") }
    self.uid = uid
    let containers = json["status"]?["containerStatuses"]?.array ?? []
    restarts = containers.compactMap { $0["restartCount"]?.int }.max() ?? 0
  }
}

extension JSONValue {
  /// The id of the object that cares for the object that this is.
  var controllerID: String? {
    let owners = self["metadata"]?["ownerReferences"]?.array ?? []
    return owners.first { $0["controller"]?.bool == true }?["uid"]?.string
  }
}

extension APIResource {
  package static let nodes = APIResource(version: "v1", plural: "nodes", kind: "Node", isNamespaced: false)
}
