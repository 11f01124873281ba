import HTTPTransport
import JSON
import TestSupport
import Testing

@testable import KubernetesClient

@Suite(.timeLimit(.minutes(10)))
struct RetryTests {
  private static let found = FakeHTTPClient.Answer.json(200, configMap("a", version: 1))

  private func error(_ client: KubernetesClient) async -> KubernetesError? {
    do throws(KubernetesError) {
      _ = try await client.get(ConfigMap.self, "a", in: "ns")
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    (400, "BadRequest", KubernetesError.Code.invalidRequest), (401, "Unauthorized", .unauthorized),
    (403, "Forbidden", .forbidden), (404, "NotFound", .notFound), (409, "Conflict", .conflict),
    (409, "AlreadyExists", .alreadyExists), (410, "Expired", .gone), (422, "Invalid", .invalid),
    (418, "Teapot", .refused),
  ])
  func refusals(status: Int, reason: String, code: KubernetesError.Code) async throws {
    let details: JSONValue = [
      "name": "a", "group": "apps", "kind": "deployments",
      "causes": [["reason": "FieldValueInvalid", "message": "must be small", "field": "spec.replicas"]],
    ]
    let server = FakeHTTPClient([.status(status, reason, details: details)])
    let error = try #require(await error(server.client()))
    #expect(error.code == code)
    #expect(error.httpStatus == status)
    #expect(error.message == "could not get configmaps a in ns: words about \(reason)")
    #expect(error.status?.reason == reason)
    #expect(error.status?.details?.group == "apps")
    #expect(error.status?.details?.causes.first?.field == "spec.replicas")
    #expect(!error.isTransient)
    #expect(server.requests.count == 1)
  }

  @Test func repeatsWhatChangesNothing() async throws {
    let clock = TestClock(isRunning: true)
    let server = FakeHTTPClient([
      .status(500, "InternalError"), .whole(HTTPResponse(status: 503, body: Array("<html>".utf8))),
      .lost(), .lost(.connectTimedOut, sent: false), Self.found,
    ])
    #expect(await error(server.client(clock)) == nil)
    #expect(server.requests.count == 5)
    let bounds: [ClosedRange<Duration>] = [0.1...0.2, 0.2...0.4, 0.4...0.8, 0.8...1.6].map {
      (seconds: ClosedRange<Double>) in .seconds(seconds.lowerBound) ... .seconds(seconds.upperBound)
    }
    #expect(clock.slept.count == 4)
    for (pause, bound) in zip(clock.slept, bounds) { #expect(bound.contains(pause)) }
  }

  @Test("the server's Retry-After is obeyed, for writes too: it has done nothing")
  func tooManyRequests() async throws {
    let clock = TestClock(isRunning: true)
    let server = FakeHTTPClient([
      .status(429, "TooManyRequests", headers: ["Retry-After": "3"]),
      .status(429, "TooManyRequests", details: ["retryAfterSeconds": 2]), Self.found,
    ])
    let map = try ConfigMap(configMap("a", version: 1))
    _ = try await server.client(clock).replace(map)
    #expect(clock.slept.count == 2)
    #expect((.seconds(3.1) ... .seconds(3.2)).contains(clock.slept[0]))
    #expect((.seconds(2.2) ... .seconds(2.4)).contains(clock.slept[1]))
  }

  @Test func givesUpInTime() async throws {
    let clock = TestClock(isRunning: true)
    let server = FakeHTTPClient([.status(503, "ServiceUnavailable")])
    let error = try #require(await error(server.client(clock)))
    #expect(error.code == .serverFailure)
    #expect(error.isTransient)
    #expect(clock.now.offset < .seconds(15))
    #expect(server.requests.count > 4)
    // Not a try that could not be over in time.
    #expect(server.requests.allSatisfy { $0.deadline.map { $0 <= .seconds(5) } ?? false })

    let impatient = FakeHTTPClient([.status(429, "TooManyRequests", headers: ["Retry-After": "60"])])
    let refusal = try #require(await self.error(impatient.client()))
    #expect(refusal.code == .tooManyRequests)
    #expect(refusal.retryAfter == .seconds(60))
    #expect(impatient.requests.count == 1)
  }

  @Test("a write is repeated only when it never arrived")
  func writes() async throws {
    let map = try ConfigMap(configMap("a", version: 1))
    for (answer, count) in [
      (FakeHTTPClient.Answer.status(500, "InternalError"), 1), (.lost(), 1), (.lost(.deadlineExceeded), 1),
      (.lost(.connectionFailed, sent: false), 2),
    ] {
      let server = FakeHTTPClient([answer, Self.found])
      _ = try? await server.client().replace(map)
      #expect(server.requests.count == count)
    }
    let rehearsal = FakeHTTPClient([.lost(), Self.found])
    _ = try await rehearsal.client().replace(map, options: WriteOptions(isDryRun: true))
    #expect(
      rehearsal.lines
        == Array(
          repeating: "PUT /api/v1/namespaces/ns/configmaps/a?dryRun=All&fieldManager=colonies-autoscaler",
          count: 2))
  }

  @Test(arguments: [
    (HTTPTransportError.Code.tlsFailed, KubernetesError.Code.untrusted), (.invalidRequest, .invalidRequest),
    (.cancelled, .cancelled),
  ])
  func failuresThatStay(code: HTTPTransportError.Code, meaning: KubernetesError.Code) async throws {
    let server = FakeHTTPClient([.lost(code, sent: false)])
    #expect(await error(server.client())?.code == meaning)
    #expect(server.requests.count == 1)
  }

  @Test func answersThatAreNotTheAPI() async throws {
    let html = FakeHTTPClient([.whole(HTTPResponse(status: 200, body: Array("<html>".utf8)))])
    #expect(await error(html.client())?.code == .invalidReply)
    let wrong = FakeHTTPClient([.json(200, ["metadata": ["name": 7]])])
    #expect(await error(wrong.client())?.code == .invalidReply)
  }

  @Test("no name is not every name")
  func emptyNames() async throws {
    let server = FakeHTTPClient([Self.found])
    for name in ["", ".", ".."] {
      await #expect(throws: KubernetesError.self) {
        try await server.client().delete(.configMaps, name, in: "ns")
      }
    }
    #expect(server.requests.isEmpty)
    _ = try await server.client().get(ConfigMap.self, "a/../b?c", in: "ns")
    #expect(server.lines == ["GET /api/v1/namespaces/ns/configmaps/a%2F..%2Fb%3Fc"])
  }

  // MARK: Rate

  @Test func tokenBucket() {
    var bucket = TokenBucket(perSecond: 10, burst: 3)
    for _ in 0..<3 { #expect(bucket.take(at: .zero, patience: .zero) == .zero) }
    #expect(bucket.take(at: .zero, patience: .milliseconds(50)) == nil)
    #expect(bucket.take(at: .zero, patience: .seconds(1)) == .milliseconds(100))
    #expect(bucket.take(at: .zero, patience: .seconds(1)) == .milliseconds(200))
    #expect(bucket.take(at: .milliseconds(300), patience: .zero) == .zero)
    for _ in 0..<3 { #expect(bucket.take(at: .seconds(10), patience: .zero) == .zero) }
    #expect(bucket.take(at: .seconds(10), patience: .zero) == nil)
  }

  @Test func requestsAreLimited() async throws {
    let clock = TestClock(isRunning: true)
    let server = FakeHTTPClient([Self.found])
    let client = server.client(clock, configuration: .init(requestsPerSecond: 5, burst: 2))
    for _ in 0..<12 { _ = try await client.get(ConfigMap.self, "a", in: "ns") }
    #expect(clock.now.offset == .seconds(2))
  }

  // MARK: Lists

  @Test func pages() async throws {
    let server = FakeHTTPClient([
      .json(200, list([configMap("a", version: 1)], version: 9, next: "more&more")),
      .json(200, list([configMap("b", version: 2)], version: 9)),
    ])
    let list = try await server.client().list(ConfigMap.self, Selection(namespace: "ns", labels: "x in (y)"))
    #expect(list.items.map(\.metadata.name) == ["a", "b"])
    #expect(list.resourceVersion == "9")
    #expect(
      server.lines == [
        "GET /api/v1/namespaces/ns/configmaps?labelSelector=x%20in%20%28y%29&limit=500",
        "GET /api/v1/namespaces/ns/configmaps?labelSelector=x%20in%20%28y%29&limit=500&continue=more%26more",
      ])
  }

  @Test func scale() async throws {
    let zero: JSONValue = [
      "kind": "Scale", "apiVersion": "autoscaling/v1",
      "metadata": ["name": "web", "namespace": "ns", "resourceVersion": "7"], "spec": [:],
      "status": ["replicas": 2, "selector": "app=web"],
    ]
    let server = FakeHTTPClient([.json(200, zero)])
    let scale = try await server.client().scale(of: .deployments, "web", in: "ns")
    #expect(scale.replicas == 0)
    #expect(scale.currentReplicas == 2)
    _ = try await server.client().setReplicas(of: .deployments, "web", in: "ns", to: 3, resourceVersion: "7")
    let request = try #require(server.requests.last)
    #expect(request.headers["Content-Type"] == "application/merge-patch+json")
    #expect(
      String(decoding: request.body, as: UTF8.self)
        == #"{"metadata":{"resourceVersion":"7"},"spec":{"replicas":3}}"#)
    #expect(
      server.lines.last
        == "PATCH /apis/apps/v1/namespaces/ns/deployments/web/scale?fieldManager=colonies-autoscaler")
    let broken = FakeHTTPClient([
      .json(200, ["kind": "Scale", "metadata": [:], "spec": ["replicas": "many"]])
    ])
    await #expect(throws: KubernetesError.self) {
      try await broken.client().scale(of: .deployments, "web", in: "ns")
    }
  }
}
