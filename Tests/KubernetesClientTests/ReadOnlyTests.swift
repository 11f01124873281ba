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

  @Test(
    "namespaces and objects may have any name",
    arguments: ["proxy", "exec", "attach", "portforward"])
  func names(word: String) async throws {
    for path in [
      "/api/v1/namespaces/\(word)", "/api/v1/nodes/\(word)", "/api/v1/namespaces/\(word)/pods",
      "/api/v1/namespaces/ns/pods/\(word)", "/api/v1/namespaces/\(word)/pods/\(word)/log",
      "/apis/apps/v1/namespaces/\(word)/deployments/\(word)",
      "/apis/apps/v1/namespaces/\(word)/deployments/\(word)/scale",
      "/apis/keda.sh/v1alpha1/namespaces/\(word)/scaledobjects?watch=true",
    ] {
      #expect(await lets(.get, "https://server:6443" + path), "\(path)")
    }
    let scale = "https://server/apis/apps/v1/namespaces/ns/deployments/\(word)/scale"
    #expect(await lets(.patch, scale + "?dryRun=All", dryRun: true))
    #expect(await !lets(.patch, scale + "?dryRun=All"))
    #expect(await !lets(.patch, scale, dryRun: true))
  }

  @Test(
    "a word by which a GET acts is refused wherever it may be meant",
    arguments: ["proxy", "exec", "attach", "portforward"])
  func acts(word: String) async throws {
    for path in [
      // Where a subresource stands, and deeper.
      "/api/v1/nodes/n/\(word)", "/api/v1/nodes/\(word)/\(word)", "/api/v1/nodes/n/\(word)/logs",
      "/api/v1/namespaces/\(word)/pods/x/\(word)", "/api/v1/namespaces/ns/pods/\(word)/\(word)",
      "/api/v1/namespaces/ns/pods/x:80/\(word)/a/b", "/api/v1/namespaces/ns/services/https:x:1/\(word)/a",
      "/api/v1/namespaces/ns/pods/x/log/\(word)", "/apis/g/v1/namespaces/ns/things/x/\(word)/8080",
      "/apis/g/v1/things/x/\(word)", "/apis/g/v1/things/\(word)/\(word)",
      // Where a resource, a group or a version stands.
      "/api/v1/namespaces/ns/\(word)", "/api/v1/namespaces/namespaces/\(word)/x", "/api/v1/\(word)",
      "/api/\(word)/pods/x", "/apis/\(word)/v1/things/x", "/apis/g/\(word)/things/x",
      // What old servers served.
      "/api/v1/\(word)/namespaces/ns/pods/x", "/api/v1/\(word)/nodes/n/logs",
      "/api/v1/watch/namespaces/\(word)/pods/x", "/api/v1/watch/\(word)/nodes/n",
      // What is not certainly of the API's form.
      "/\(word)", "/\(word)/api/v1/pods", "/k8s/clusters/c/api/v1/namespaces/\(word)/pods",
      "/api/v1/nodes/n//\(word)", "/api/v1//\(word)/nodes/n", "/api//v1/nodes/\(word)/x",
      "//api/v1/namespaces/ns/\(word)/x", "/api/v1/namespaces//pods/\(word)", "/api/v1/nodes/\(word)/",
      "/api/v1/./\(word)/nodes/n", "/api/v1/nodes/n/./\(word)", "/api/v1/nodes/x/../\(word)",
    ] {
      for query in ["", "?command=ls", "?watch=true"] {
        #expect(await !lets(.get, "https://server" + path + query), "\(path)")
      }
      #expect(await !lets(.post, "https://server" + path + "?dryRun=All", dryRun: true), "\(path)")
    }
  }

  @Test(
    "what is escaped, or no ASCII, hides nothing",
    arguments: [
      "/api/v1/nodes/n/%70roxy", "/api/v1/nodes/n/prox%79/logs", "/api/v1/%70roxy/nodes/n",
      "/api/v1/namespaces/ns/pods/x%2Fexec", "/api/v1/namespaces/ns/pods/x%2fexec", "/%61pi/v1/nodes/n/proxy",
      "/api/v1/namespaces/ns/pods/x/exec%3Fcommand", "/api/v1/nodes/%2E%2E/proxy/x",
      "/api/v1/nodes/n\\..\\proxy", "/api/v1/nodes/n/proxy\u{301}", "/api/v1/nodes/n/\u{301}proxy",
      "/api/v1/namespaces/ns/pods/x/exec?\u{301}command=ls", "/api/v1/nodes/n/proxy\r\n", "/api/v1/nodes/n x",
    ])
  func escapes(path: String) async throws {
    #expect(await !lets(.get, "https://server" + path))
  }

  @Test("a name may be escaped")
  func escapedName() async throws {
    #expect(
      await lets(.get, "https://server/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode"))
  }

  /// Whether a request reaches the server.
  private func lets(_ method: HTTPMethod, _ url: String, dryRun: Bool = false) async -> Bool {
    let server = FakeHTTPClient([.whole(HTTPResponse(status: 200))])
    let client = ReadOnlyHTTPClient(server, allowsServerDryRun: dryRun)
    do throws(HTTPTransportError) {
      _ = try await client.send(HTTPRequest(method, url))
    } catch {
      #expect(!error.requestMayHaveBeenSent)
    }
    return !server.requests.isEmpty
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
