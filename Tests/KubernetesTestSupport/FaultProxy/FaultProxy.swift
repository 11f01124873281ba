internal import Glibc
internal import HTTPTransport
package import KubernetesClient
internal import Locking
internal import NIOCore
internal import TestSupport

/// An HTTPS server in front of the API server that forwards requests, counts them, and has faults when a test says
/// so. It speaks HTTP/1.1, and has an authority of its own.
package final class FaultProxy: Sendable {
  private enum Certificate: String {
    case proper, stranger
  }

  private let apiServer: APIServer
  private let directory = TemporaryDirectory()
  private let port: UInt16
  private let transport: HTTPTransport
  private let faults = FaultList()
  private let log = CallLog()
  private let listener = Locked<ProxyListener?>(nil)

  private init(_ apiServer: APIServer) throws {
    self.apiServer = apiServer
    port = try FreePort.find(1)[0]
    var tls = apiServer.cluster(apiServer.admin).tls
    // Who the client is, its token says, and nothing else.
    tls.identity = nil
    transport = try HTTPTransport(HTTPTransport.Configuration(tls: tls, userAgent: "fault-proxy"))
  }

  /// Provides a proxy while a body runs.
  package static func run<Value: Sendable>(
    before apiServer: APIServer, _ body: (FaultProxy) async throws -> Value
  ) async throws -> Value {
    let proxy = try FaultProxy(apiServer)
    let result: Result<Value, any Error>
    do {
      try await proxy.writeCertificates()
      try await proxy.accept()
      result = .success(try await body(proxy))
    } catch {
      result = .failure(error)
    }
    await proxy.end()
    return try result.get()
  }

  /// The way to the API server through the proxy.
  /// - Parameter user: Somebody with a token: the proxy does not pass certificates on.
  package func cluster(_ user: APIServer.User) -> ClusterConfiguration {
    var cluster = apiServer.cluster(user)
    cluster.server = "https://127.0.0.1:\(port)"
    cluster.tls = TLSConfiguration(trust: .authorities(.file(directory.file("ca.crt"))))
    return cluster
  }

  // MARK: Faults

  /// Sets a fault. Of several that are for the same request, the one that was set first counts.
  /// - Parameter times: For how many requests it is; nil until it is cleared.
  @discardableResult
  package func add(
    _ action: Fault.Action, to match: Fault.Match = .everything, times: Int? = nil
  ) -> Fault.ID {
    faults.add(action, match, times: times)
  }

  /// Clears a fault, or all. What hangs in it is reset.
  package func clear(_ id: Fault.ID? = nil) { faults.clear(id) }

  /// Resets every connection there is; new ones are accepted.
  package func resetConnections() { listener.withLock { $0 }?.resetConnections() }

  /// Stops listening, so that connections are refused, and resets those there are. Ends with `accept()`.
  package func refuse() async { await stopListening() }

  /// Shows a certificate of an authority that nobody trusts, on new connections; resets those there are. Ends with
  /// `accept()`.
  package func showWrongCertificate() async throws { try await listen(.stranger) }

  /// Accepts connections as is proper.
  package func accept() async throws { try await listen(.proper) }

  // MARK: Counts

  /// How many requests there were of each sort since the beginning or the last `forgetCalls()`.
  package var calls: [Call: Int] { log.counts }

  /// How many requests there were of some sorts.
  package func count(of isCounted: (Call) -> Bool) -> Int {
    log.counts.reduce(0) { $0 + (isCounted($1.key) ? $1.value : 0) }
  }

  package func forgetCalls() { log.reset() }

  /// Returns when there were so many requests of some sorts, or the task is cancelled.
  package func wait(for count: Int = 1, of isCounted: @escaping @Sendable (Call) -> Bool) async {
    await log.wait { counts in
      counts.reduce(0) { $0 + (isCounted($1.key) ? $1.value : 0) } >= count
    }
  }

  // MARK: Listening

  private func listen(_ certificate: Certificate) async throws {
    await stopListening()
    let responder = ProxyResponder(
      upstream: Upstream(transport: transport, server: apiServer.cluster(apiServer.admin).server),
      faults: faults, calls: log)
    let deadline = ContinuousClock.now + .seconds(5)
    while true {
      do {
        let new = try await ProxyListener(
          port: port, certificate: directory.file(certificate.rawValue), responder: responder)
        listener.withLock { $0 = new }
        return
      } catch let error as IOError where error.errnoCode == EADDRINUSE && ContinuousClock.now < deadline {
        // A program that another test is about to start has the old socket too, until it has begun.
        try await Task.sleep(for: .milliseconds(10))
      }
    }
  }

  private func stopListening() async {
    let old = listener.withLock { listener in
      defer { listener = nil }
      return listener
    }
    await old?.end()
  }

  private func writeCertificates() async throws {
    let certificates = Certificates(in: directory)
    for (authority, certificate) in [("ca", Certificate.proper), ("other-ca", .stranger)] {
      try await certificates.makeAuthority(authority)
      try await certificates.make(
        certificate.rawValue, subject: "/CN=proxy", names: "IP:127.0.0.1", signedBy: authority)
    }
  }

  private func end() async {
    clear()
    await stopListening()
    transport.shutdown()
    await transport.waitUntilShutDown()
  }
}
