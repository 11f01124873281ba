import HTTPTransport
import JSON
import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing

@Suite("A proxy with faults", .ifAPIServer, .apiServer, .timeLimit(.minutes(10)))
struct FaultProxyTests {
  let server: APIServer

  init() throws { server = try #require(APIServerTrait.server) }

  /// A place with a proxy before it and a client behind the proxy.
  private struct Bench: Sendable {
    let proxy: FaultProxy
    /// Tries again as usual.
    let client: KubernetesClient
    /// Without a second try.
    let once: HTTPTransport
    let token: BearerToken
    let namespace: String
    let address: String

    /// Reads an object, with no second try.
    func read(_ target: String, deadline: Duration = .seconds(20)) async throws(HTTPTransportError)
      -> HTTPResponse
    {
      try await once.send(
        HTTPRequest(.get, address + target, bearerToken: token, deadline: deadline))
    }

    var map: String { "/api/v1/namespaces/\(namespace)/configmaps/a" }

    /// The error of a read that must fail.
    func failure(_ deadline: Duration = .seconds(20)) async -> HTTPTransportError.Code? {
      do throws(HTTPTransportError) {
        let answer = try await read(map, deadline: deadline)
        Issue.record("answered with \(answer.status)")
        return nil
      } catch {
        return error.code
      }
    }
  }

  private func run(_ body: (Bench) async throws -> Void) async throws {
    let namespace = try await server.makeNamespace("proxied")
    let user = try await server.addServiceAccount("user", in: namespace).user
    try await server.grant(
      "cluster-admin", to: user, in: namespace,
      proof: .init("delete", .configMaps, namespace: namespace))
    try await server.apply(
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {text: hello}}", in: namespace)
    try await FaultProxy.run(before: server) { proxy in
      let cluster = proxy.cluster(user)
      let client = KubernetesClient(cluster, configuration: .init(firstPause: .milliseconds(10)))
      let once = try HTTPTransport(HTTPTransport.Configuration(tls: cluster.tls))
      try await body(
        Bench(
          proxy: proxy, client: client, once: once, token: BearerToken(user.token ?? ""),
          namespace: namespace, address: cluster.server))
      await client.shutdown()
      once.shutdown()
      await once.waitUntilShutDown()
    }
  }

  @Test("requests of all kinds are passed on, and counted by method, resource and status")
  func counts() async throws {
    try await run { bench in
      let client = bench.client
      try await server.makeDeployment("web", in: bench.namespace, replicas: 1)
      #expect(try await client.get(ConfigMap.self, "a", in: bench.namespace).data == ["text": "hello"])
      _ = try await client.patch(
        .deployments, "web", ["spec": ["replicas": 2]], in: bench.namespace, subresource: "scale")
      try await client.delete(.configMaps, "a", in: bench.namespace)
      await #expect(throws: KubernetesError.self) {
        try await client.get(ConfigMap.self, "a", in: bench.namespace)
      }
      let lines = bench.proxy.calls.map {
        "\($0.key.method) \($0.key.resource) \($0.key.status ?? 0) \($0.value)"
      }
      #expect(
        Set(lines) == [
          "GET configmaps 200 1", "PATCH deployments/scale 200 1", "DELETE configmaps 200 1",
          "GET configmaps 404 1",
        ])
      bench.proxy.forgetCalls()
      #expect(bench.proxy.calls.isEmpty)
    }
  }

  @Test("watches stream, and can be silenced, reset and counted")
  func watches() async throws {
    try await run { bench in
      let reflector = Reflector(ConfigMap.self, .object("a", in: bench.namespace), client: bench.client)
      let running = Task { await reflector.run() }
      let snapshots = await reflector.snapshots()
      func wait(for text: String) async {
        for await snapshot in snapshots where snapshot.objects?["a"]?.data["text"] == text { return }
      }
      func write(_ text: String) async throws {
        _ = try await server.client.patch(
          .configMaps, "a", ["data": ["text": .string(text)]], in: bench.namespace)
      }
      await wait(for: "hello")
      await bench.proxy.wait { $0.isWatch && $0.status == 200 }
      try await write("one")
      await wait(for: "one")

      // The event is swallowed; when the silence ends, the watch is made anew and brings it.
      let silence = bench.proxy.add(.hangWatch)
      try await write("two")
      #expect(try await bench.read(bench.map).text.contains("two"))
      #expect(await reflector.current.objects?["a"]?.data["text"] == "one")
      bench.proxy.clear(silence)
      await wait(for: "two")

      bench.proxy.resetConnections()
      await bench.proxy.wait(for: 3) { $0.isWatch && $0.status == 200 }
      try await write("three")
      await wait(for: "three")
      running.cancel()
      await running.value
    }
  }

  @Test(
    "a connection is reset, or ends in the middle, as often as a fault says",
    arguments: [Fault.Action.reset, .half, .loseAnswer])
  func broken(action: Fault.Action) async throws {
    try await run { (bench) async throws in
      bench.proxy.add(action, to: .init(.get, "/configmaps/a"), times: 2)
      for _ in 0..<2 {
        let answer = await bench.failure()
        #expect(answer == .connectionLost)
      }
      #expect(try await bench.read(bench.map).status == 200)
      bench.proxy.add(action, times: 2)
      #expect(try await bench.client.get(ConfigMap.self, "a", in: bench.namespace).data == ["text": "hello"])
    }
  }

  @Test("a lost answer is of a request that was carried out")
  func lostAnswer() async throws {
    try await run { (bench) async throws in
      bench.proxy.add(.loseAnswer, to: .init(.patch), times: 1)
      let error = await #expect(throws: KubernetesError.self) {
        try await bench.client.patch(.configMaps, "a", ["data": ["text": "done"]], in: bench.namespace)
      }
      #expect(error?.mayHaveHappened == true)
      #expect(try await server.client.get(ConfigMap.self, "a", in: bench.namespace).data == ["text": "done"])
    }
  }

  @Test(
    "the API's refusals",
    arguments: [(409, "Conflict"), (410, "Expired"), (429, "TooManyRequests"), (500, "InternalError")]
  )
  func status(code: Int, reason: String) async throws {
    try await run { bench in
      bench.proxy.add(.status(code, reason: reason, retryAfter: code == 429 ? 1 : nil), times: 1)
      let answer = try await bench.read(bench.map)
      #expect(answer.status == code)
      #expect(answer.headers["Retry-After"] == (code == 429 ? "1" : nil))
      #expect(try JSONValue(parsing: answer.body)["reason"]?.string == reason)
      #expect(bench.proxy.count { $0.status == code } == 1)
      #expect(try await bench.read(bench.map).status == 200)
    }
  }

  @Test("what hangs is not answered, and reset when the fault is cleared; what is delayed comes late")
  func slowness() async throws {
    try await run { (bench) async throws in
      // So that there is a connection: what takes its time from here on is the fault.
      #expect(try await bench.read(bench.map).status == 200)
      let hang = bench.proxy.add(.hang)
      #expect(await bench.failure(.seconds(3)) == .deadlineExceeded)
      await bench.proxy.wait { $0.status == nil }
      async let code = bench.failure()
      await bench.proxy.wait(for: 2) { $0.status == nil }
      bench.proxy.clear(hang)
      #expect(await code == .connectionLost)
      bench.proxy.add(.delay(.milliseconds(400)), times: 1)
      let began = ContinuousClock.now
      #expect(try await bench.read(bench.map).status == 200)
      #expect(ContinuousClock.now - began >= .milliseconds(400))
    }
  }

  @Test("a proxy that refuses, or shows a wrong certificate, can be proper again")
  func listening() async throws {
    try await run { bench in
      #expect(try await bench.read(bench.map).status == 200)
      await bench.proxy.refuse()
      #expect(await bench.failure() == .connectionFailed)
      try await bench.proxy.showWrongCertificate()
      #expect(await bench.failure() == .tlsFailed)
      try await bench.proxy.accept()
      #expect(try await bench.read(bench.map).status == 200)
    }
  }
}
