package import JSON
package import KubernetesClient

/// An object of any kind, as it came.
package struct DynamicObject: KubernetesObject, Hashable {
  package var metadata: ObjectMeta
  /// The whole document.
  package var json: JSONValue

  package init(_ json: JSONValue) throws(KubernetesError) {
    metadata = try ObjectMeta(of: json)
    self.json = json
  }
}
