internal import Files
internal import HTTPTransport
internal import JSON
package import KubernetesClient
internal import TestSupport

extension APIServer {
  /// A service account, and a token of it as pods have one.
  package struct ServiceAccount: Sendable {
    package let name: String
    package let namespace: String
    /// The account as a user, whom permissions may name.
    package let user: User
  }

  /// Makes a service account, and its namespace where there is none.
  /// - Parameter expiry: How long the token is good; at least 10 minutes.
  package func addServiceAccount(
    _ name: String, in namespace: String, expiry: Duration = .seconds(3600)
  ) async throws -> ServiceAccount {
    try await makeNamespace(named: namespace)
    let account: JSONValue = [
      "apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": .string(name)],
    ]
    // One that is there gets one more token.
    _ = try await createUnlessPresent(.serviceAccounts, account, in: namespace)
    let token = try await makeToken(for: name, in: namespace, expiry: expiry)
    return ServiceAccount(
      name: name, namespace: namespace,
      user: User(name: "system:serviceaccount:\(namespace):\(name)", token: token))
  }

  /// Asks for a token of a service account.
  /// - Parameter expiry: How long the token is good; at least 10 minutes.
  package func makeToken(
    for name: String, in namespace: String, expiry: Duration = .seconds(3600)
  ) async throws -> String {
    precondition(expiry >= .seconds(600), "the API gives no shorter tokens")
    let path = try APIResource.serviceAccounts.path(namespace: namespace, name: name, subresource: "token")
    let answer = try await client.send(
      APIRequest(
        .post, path, to: "make a token of \(name)",
        body: [
          "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
          "spec": ["expirationSeconds": .integer(expiry.components.seconds)],
        ]))
    guard let token = answer["status"]?["token"]?.string else {
      throw Failure("there is no token in \(answer)")
    }
    return token
  }

  /// Writes the files that a pod of a service account has: `token`, `ca.crt` and `namespace`.
  /// - Parameter path: An existing directory.
  package func write(_ account: ServiceAccount, to path: String) throws {
    let authority: String =
      switch cluster(admin).tls.trust {
      case .authorities(.file(let file)): try File.text(file, limit: 1 << 20)
      case .authorities(.bytes(let bytes)): String(decoding: bytes, as: UTF8.self)
      case .system, .insecureSkipVerify: throw Failure("the kubeconfig names no authority")
      }
    try File.replace("\(path)/ca.crt", with: authority)
    try File.replace("\(path)/token", with: account.user.token ?? "")
    try File.replace("\(path)/namespace", with: account.namespace)
  }

  /// The variables by which a program in a pod finds the server.
  package var podEnvironment: [String: String] {
    get throws {
      let address = cluster(admin).server
      let scheme = "https://"
      let place = address.dropFirst(scheme.count).prefix { $0 != "/" }
      guard address.hasPrefix(scheme), let colon = place.lastIndex(of: ":") else {
        throw Failure("\(address) has no port")
      }
      return [
        "KUBERNETES_SERVICE_HOST": String(place[..<colon].filter { !"[]".contains($0) }),
        "KUBERNETES_SERVICE_PORT": String(place[place.index(after: colon)...]),
      ]
    }
  }

  /// Gives a user the rights of a cluster role in one namespace. Returns when they are in force.
  /// - Parameters:
  ///   - role: Such as `cluster-admin`, for everything in the namespace. What `edit` and `view` allow is known only
  ///     where there are controllers, and some seconds after they start.
  ///   - proof: What the user may not do before.
  package func grant(
    _ role: String, to user: User, in namespace: String, proof: AccessReview.Question
  ) async throws {
    let group: JSONValue = "rbac.authorization.k8s.io"
    let binding: JSONValue = [
      "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
      "metadata": ["name": .string(uniqueName("test"))],
      "roleRef": ["apiGroup": group, "kind": "ClusterRole", "name": .string(role)],
      "subjects": [["apiGroup": group, "kind": "User", "name": .string(user.name)]],
    ]
    _ = try await client.create(.roleBindings, binding, in: namespace)
    let theirs = KubernetesClient(cluster(user))
    try await poll("\(user.name) may \(proof.verb) \(proof.resource)") { () in
      try await theirs.review(proof).isAllowed
    }
    await theirs.shutdown()
  }

  /// Waits until everybody may do what is allowed to everybody, which is a moment after a new server is ready.
  func waitForCommonPermissions() async throws {
    let questions: [(attributes: String, JSONValue)] = [
      ("nonResourceAttributes", ["verb": "get", "path": "/version"]),
      (
        "resourceAttributes",
        ["verb": "create", "group": "authorization.k8s.io", "resource": "selfsubjectaccessreviews"]
      ),
    ]
    for (attributes, question) in questions {
      let review: JSONValue = [
        "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
        "spec": ["user": "anybody", "groups": ["system:authenticated"], attributes: question],
      ]
      try await poll("everybody may \(question)") {
        try await client.create(.subjectAccessReviews, review, in: nil)["status"]?["allowed"] == true
      }
    }
  }
}
