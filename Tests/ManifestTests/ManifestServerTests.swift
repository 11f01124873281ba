import JSON
import KubernetesTestSupport
import TestSupport
import Testing

/// What a real API server says about the manifests.
@Suite("Manifests and an API server", .ifAPIServer, .apiServer, .timeLimit(.minutes(10)))
struct ManifestServerTests {
  @Test("An API server takes every object of an overlay", arguments: Overlay.allCases)
  func dryRun(_ overlay: Overlay) async throws {
    let server = try #require(APIServerTrait.server)
    let kubectl = try Kubectl()
    var objects = try await overlay.built()
    let all = objects.count
    // policy/v1 is the one thing that Kubernetes before 1.21 does not have; the component says so.
    let lacksBudgets = try await minorVersion(server) < 21
    if lacksBudgets { objects.removeAll { $0.apiVersion == "policy/v1" && $0.kind == "PodDisruptionBudget" } }
    #expect(all - objects.count == (lacksBudgets && overlay != .readOnly ? 1 : 0))

    var text = objects.map(\.text).joined(separator: "\n---\n")
    // A dry run makes no namespaces, so the objects go to some that are there.
    for namespace in Set(objects.compactMap(\.namespace)) {
      let other = try await server.makeNamespace()
      text = text.replacing("\n  namespace: \(namespace)\n", with: "\n  namespace: \(other)\n")
    }
    let answer = try await kubectl(
      "apply", "--dry-run=server", "--validate=true", "--output=json", "--filename=-",
      kubeconfig: server.kubeconfig, input: text)
    let taken = try JSONValue(parsing: answer.utf8)["items"]?.array ?? []
    #expect(Set(taken.map(name)) == Set(objects.map { "\($0.kind) \($0.name)" }))
    #expect(taken.count == objects.count)
  }

  @Test("An API server refuses what is misspelt")
  func misspelling() async throws {
    let server = try #require(APIServerTrait.server)
    let namespace = try await server.makeNamespace()
    await #expect(throws: Failure.self) {
      try await Kubectl()(
        "apply", "--dry-run=server", "--validate=true", "--namespace=\(namespace)", "--filename=-",
        kubeconfig: server.kubeconfig,
        input: "{apiVersion: v1, kind: ServiceAccount, metadata: {name: a}, automountToken: false}")
    }
  }

  private func name(_ object: JSONValue) -> String {
    "\(object["kind"]?.string ?? "") \(object["metadata"]?["name"]?.string ?? "")"
  }

  private func minorVersion(_ server: APIServer) async throws -> Int {
    let answer = try await Kubectl()("get", "--raw=/version", kubeconfig: server.kubeconfig)
    let minor = try #require(try JSONValue(parsing: answer.utf8)["minor"]?.string)
    // Some providers add a plus sign.
    return try #require(Int(minor.prefix { $0.isNumber }))
  }
}
