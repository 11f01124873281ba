import HTTPTransport
import JSON
import KubernetesClient
import Locking
import TestSupport

/// An API server with one Deployment of three replicas, which nobody changes, and with nothing else.
final class QuietAPIServer: HTTPClient {
  static let namespace = "ns"
  static let deployment = "web"

  private let clock: TestClock
  private let bookmarkInterval: Duration
  private let reads = Locked(0)

  /// - Parameter bookmarkInterval: How often watches are told that nothing has happened.
  init(_ clock: TestClock, bookmarkInterval: Duration = .seconds(60)) {
    self.clock = clock
    self.bookmarkInterval = bookmarkInterval
  }

  /// How often somebody asked for the Deployment itself.
  var deploymentReads: Int { reads.withLock { $0 } }

  /// A client of this server.
  var client: KubernetesClient {
    KubernetesClient(
      ClusterConfiguration(server: "https://server"), clock: clock, makeClient: { _ in self })
  }

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    let path = request.url.split(separator: "?").first ?? ""
    if path.hasSuffix("/namespaces/\(Self.namespace)/deployments") { return Self.list([Self.object]) }
    if path.hasSuffix("/horizontalpodautoscalers") { return Self.list([]) }
    if path.hasSuffix("/namespaces/\(Self.namespace)/deployments/\(Self.deployment)") {
      reads.withLock { $0 += 1 }
      return Self.answer(200, Self.object)
    }
    return Self.answer(
      404,
      [
        "kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404,
        "message": "the server could not find the requested resource",
      ])
  }

  func stream(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPStreamingResponse {
    let bookmark: JSONValue = ["type": "BOOKMARK", "object": ["metadata": ["resourceVersion": "5"]]]
    return HTTPStreamingResponse(
      status: 200,
      body: HTTPBody { [clock, bookmarkInterval] () async throws(HTTPTransportError) in
        do {
          try await clock.sleep(for: bookmarkInterval)
        } catch {
          throw HTTPTransportError(.cancelled, "cancelled")
        }
        return Array((bookmark.text() + "\n").utf8)
      })
  }

  private static let object: JSONValue = [
    "kind": "Deployment", "apiVersion": "apps/v1",
    "metadata": [
      "name": .string(deployment), "namespace": .string(namespace), "uid": "1", "resourceVersion": "5",
      "generation": 1,
    ],
    "spec": ["replicas": 3], "status": ["readyReplicas": 3],
  ]

  private static func list(_ items: [JSONValue]) -> HTTPResponse {
    answer(200, ["kind": "List", "metadata": ["resourceVersion": "5"], "items": .array(items)])
  }

  private static func answer(_ status: Int, _ json: JSONValue) -> HTTPResponse {
    HTTPResponse(status: status, headers: HTTPHeaders(), body: json.encoded())
  }
}
