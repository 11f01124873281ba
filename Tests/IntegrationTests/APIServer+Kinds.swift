import JSON
import KubernetesClient
import KubernetesTestSupport

extension APIServer {
  /// Teaches a server of the suite's own a kind of object, whose replicas are in `spec.size`. Returns when the
  /// server knows it.
  func makeKind(_ kind: String, plural: String, _ apiVersion: String) async throws {
    let parts = apiVersion.split(separator: "/")
    try await apply(
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: \(plural).\(parts[0])}
      spec:
        group: \(parts[0])
        scope: Namespaced
        names: {kind: \(kind), plural: \(plural), singular: \(kind.lowercased()), listKind: \(kind)List}
        versions:
        - name: \(parts[1])
          served: true
          storage: true
          subresources:
            status: {}
            scale: {specReplicasPath: .spec.size, statusReplicasPath: .status.size}
          schema:
            openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
      """)
    let resource = APIResource(group: "\(parts[0])", version: "\(parts[1])", plural: plural, kind: kind)
    try await poll("the server knows \(kind)") {
      do throws(KubernetesError) {
        _ = try await client.resource(apiVersion: apiVersion, kind: kind)
        // Its description may be there before its objects are.
        _ = try await client.list(DynamicObject.self, resource, Selection(namespace: namespace))
        return true
      } catch {
        guard error.code == .notFound else { throw error }
        return false
      }
    }
  }
}
