import HTTPTransport
import JSON
import Testing

@testable import KubernetesClient

@Suite(.timeLimit(.minutes(10)))
struct ReadOnlyTests {
  private static let scale = "https://server/apis/apps/v1/namespaces/a/deployments/b/scale"

  @Test(arguments: [
    (HTTPMethod.get, scale, true, true), (.head, scale, true, true), (.patch, scale, false, false),
    (.patch, scale + "?dryRun=All", false, true), (.patch, scale + "?fieldManager=x&dryRun=All", false, true),
    (.patch, scale + "?dryRun=All&dryRun=", false, false), (.patch, scale + "?dryRun=all", false, false),
    (.patch, scale + "?xdryRun=All", false, false), (.delete, scale, false, false),
    (.put, scale, false, false),
    (.post, scale, false, false),
    (.post, "https://server/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", true, true),
    (.post, "https://server/apis/authorization.k8s.io/v1/selfsubjectaccessreviews/x", false, false),
    (.post, "https://server/x?/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", false, false),
    (.post, "https://server/x#/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", false, false),
    (HTTPMethod(rawValue: "get"), scale, false, false),
    (HTTPMethod(rawValue: "CONNECT"), scale, false, false),
    (.get, "https://server/api/v1/namespaces/a/pods/b/exec?command=rm", false, false),
    (.get, "https://server/api/v1/namespaces/a/services/b/proxy/delete", false, false),
    (.get, "https://server/api/v1/namespaces/a/services/b/%70roxy/../x", false, false),
  ])
  func lets(method: HTTPMethod, url: String, plain: Bool, dryRun: Bool) async throws {
    for (allowsDryRun, isAllowed) in [(false, plain), (true, dryRun)] {
      let server = FakeHTTPClient([.whole(HTTPResponse(status: 200))])
      let client = ReadOnlyHTTPClient(server, allowsServerDryRun: allowsDryRun)
      for isStream in [false, true] {
        do throws(HTTPTransportError) {
          if isStream {
            _ = try await client.stream(HTTPRequest(method, url))
          } else {
            _ = try await client.send(HTTPRequest(method, url))
          }
        } catch {
          #expect(!isAllowed)
          #expect(!error.requestMayHaveBeenSent)
        }
      }
      #expect(server.requests.count == (isAllowed ? 2 : 0))
    }
  }

  @Test func everyWriteOfAReadOnlyClient() async throws {
    let server = FakeHTTPClient([.json(201, ["status": ["allowed": true]])])
    let client = server.client(access: .readOnly(allowingServerDryRun: false))
    let map = try ConfigMap(configMap("a", version: 1))
    for dryRun in [false, true] {
      let options = WriteOptions(isDryRun: dryRun)
      let writes: [() async throws -> Void] = [
        { _ = try await client.create(map, options: options) },
        { _ = try await client.replace(map, options: options) },
        { try await client.delete(.configMaps, "a", in: "ns", options: options) },
        { _ = try await client.patch(.configMaps, "a", [:], in: "ns", options: options) },
        {
          _ = try await client.setReplicas(
            of: .deployments, "a", in: "ns", to: 1, resourceVersion: "1", options: options)
        },
      ]
      for write in writes { await #expect(throws: KubernetesError.self) { try await write() } }
    }
    #expect(server.requests.isEmpty)
    #expect(
      try await client.review(.init("patch", .deployments, subresource: "scale", namespace: "ns")).isAllowed)
  }
}
