internal import HTTPTransport
package import JSON
package import KubernetesClient
internal import Locking
internal import TestSupport
internal import YAML

extension APIServer {
  /// Makes a namespace of a test's own.
  /// - Returns: Its name, which begins with the prefix.
  package func makeNamespace(_ prefix: String = "test") async throws -> String {
    let name = uniqueName(prefix)
    try await makeNamespace(named: name)
    return name
  }

  /// Makes a namespace unless there is one.
  func makeNamespace(named name: String) async throws {
    let namespace: JSONValue = [
      "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)],
    ]
    let isNew = try await createUnlessPresent(.namespaces, namespace, in: nil)
    if isNew { namespaces.withLock { $0.append(name) } }
  }

  /// Makes an object.
  /// - Returns: Whether it was not there already.
  func createUnlessPresent(
    _ resource: APIResource, _ object: JSONValue, in namespace: String?
  ) async throws(KubernetesError) -> Bool {
    do throws(KubernetesError) {
      _ = try await client.create(resource, object, in: namespace)
      return true
    } catch {
      guard error.code == .alreadyExists else { throw error }
      return false
    }
  }

  /// Makes or changes objects, as `kubectl apply --server-side` does.
  /// - Parameters:
  ///   - text: YAML or JSON; several documents are divided by lines of `---`.
  ///   - namespace: Where those go that do not say it themselves.
  /// - Returns: The objects as they are then.
  @discardableResult
  package func apply(_ text: String, in namespace: String? = nil) async throws -> [JSONValue] {
    var objects: [JSONValue] = []
    for document in Self.documents(of: text) {
      let object = JSONValue(try YAMLParser().parse(document, file: "applied"))
      objects.append(try await apply(object, in: namespace))
    }
    return objects
  }

  private static func documents(of text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .split(separator: "---")
      .map { $0.joined(separator: "\n") }
      .filter { document in document.contains { !$0.isWhitespace } }
  }

  private func apply(_ object: JSONValue, in namespace: String?) async throws -> JSONValue {
    guard let version = object["apiVersion"]?.string, let kind = object["kind"]?.string,
      let name = object["metadata"]?["name"]?.string
    else { throw Failure("there is no apiVersion, kind or name in \(object.text())") }
    let resource = try await client.resource(apiVersion: version, kind: kind)
    let place = object["metadata"]?["namespace"]?.string ?? namespace ?? self.namespace
    let path = try resource.path(namespace: resource.isNamespaced ? place : nil, name: name)
    return try await client.send(
      APIRequest(
        .patch, path, to: "apply \(resource) \(name)", query: [("fieldManager", "tests"), ("force", "true")],
        body: object, contentType: "application/apply-patch+yaml", repetition: .always))
  }

  /// Makes a Deployment whose pods never run, as their image does not exist.
  @discardableResult
  package func makeDeployment(
    _ name: String, in namespace: String, replicas: Int
  ) async throws -> Deployment {
    let labels: JSONValue = ["app": .string(name)]
    let deployment: JSONValue = [
      "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name)],
      "spec": [
        "replicas": .integer(replicas), "selector": ["matchLabels": labels],
        "template": [
          "metadata": ["labels": labels],
          "spec": ["containers": [["name": "worker", "image": "image.invalid/worker"]]],
        ],
      ],
    ]
    return try Deployment(await client.create(.deployments, deployment, in: namespace))
  }

  /// Waits until a Deployment is to have so many replicas.
  package func waitForReplicas(
    _ replicas: Int, of deployment: String, in namespace: String, within limit: Duration = .seconds(60)
  ) async throws {
    try await poll("\(deployment) has spec.replicas \(replicas)", within: limit) {
      try await client.get(Deployment.self, deployment, in: namespace).replicas == replicas
    }
  }

  /// Asks until the answer is yes.
  /// - Parameter condition: The words for it, in the failure.
  package func poll(
    _ condition: String, within limit: Duration = .seconds(60), _ isTrue: () async throws -> Bool
  ) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !isTrue() {
      guard ContinuousClock.now < deadline else { throw Failure("not within \(limit): \(condition)") }
      try await ContinuousClock().sleep(for: .milliseconds(50))
    }
  }
}

extension APIResource {
  package static let namespaces = APIResource(
    version: "v1", plural: "namespaces", kind: "Namespace", isNamespaced: false)
  package static let serviceAccounts = APIResource(
    version: "v1", plural: "serviceaccounts", kind: "ServiceAccount")
  package static let roles = APIResource(
    group: "rbac.authorization.k8s.io", version: "v1", plural: "roles", kind: "Role")
  static let subjectAccessReviews = APIResource(
    group: "authorization.k8s.io", version: "v1", plural: "subjectaccessreviews", kind: "SubjectAccessReview",
    isNamespaced: false)
  package static let roleBindings = APIResource(
    group: "rbac.authorization.k8s.io", version: "v1", plural: "rolebindings", kind: "RoleBinding")
}

extension JSONValue {
  /// What a YAML text says, with plain words as Kubernetes takes them.
  fileprivate init(_ node: YAMLNode) {
    switch node.content {
    case .sequence(let elements): self = .array(elements.map(JSONValue.init))
    case .mapping(let mapping):
      self = .object(
        JSONObject(mapping.entries.map { JSONObject.Member(key: $0.key, value: JSONValue($0.value)) }))
    case .scalar(let scalar):
      if scalar.isNull {
        self = .null
      } else if let boolean = scalar.boolean {
        self = .bool(boolean)
      } else if let integer = scalar.integer {
        self = .integer(integer)
      } else {
        self = .string(scalar.text)
      }
    }
  }
}
