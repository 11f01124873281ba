internal import Glibc
internal import HTTPTransport
internal import Subprocess
internal import SystemPackage
internal import TestSupport

/// The programs of a cluster of a suite's own: the store, the API server, and controllers where there are any.
final class ClusterPrograms: Sendable {
  /// The API server's URL.
  let server: String
  let kubeconfig: String
  let store: ClusterProgram
  let apiServer: ClusterProgram
  private let controllers: ClusterProgram?
  private let adminToken: String
  private let authority: PEM
  /// The name of the file in which the server says who asked for what.
  static let auditLog = "audit.log"

  var hasControllers: Bool { controllers != nil }

  /// Prepares programs and writes their files, and starts nothing.
  /// - Parameter assets: The directory of the programs.
  init(
    _ assets: String, in directory: TemporaryDirectory, adminToken: String, controllers: APIServer.Controllers
  ) async throws {
    let ports = try FreePort.find(3)
    server = "https://127.0.0.1:\(ports[0])"
    self.adminToken = adminToken
    authority = .file(directory.file("ca.crt"))
    kubeconfig = try await Self.writeFiles(directory, server: server, adminToken: adminToken)

    let etcd = "http://127.0.0.1:\(ports[1])"
    let peer = "http://127.0.0.1:\(ports[2])"
    store = ClusterProgram(
      [
        "\(assets)/etcd", "--data-dir", directory.file("data"), "--listen-client-urls", etcd,
        "--advertise-client-urls", etcd, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
        "--initial-cluster", "default=\(peer)",
      ], logFile: directory.file("etcd.log"))
    let accounts = directory.file("accounts.key")
    apiServer = ClusterProgram(
      [
        "\(assets)/kube-apiserver", "--etcd-servers=\(etcd)", "--bind-address=127.0.0.1",
        "--secure-port=\(ports[0])", "--tls-cert-file=\(directory.file("server.crt"))",
        "--tls-private-key-file=\(directory.file("server.key"))",
        "--client-ca-file=\(directory.file("ca.crt"))", "--token-auth-file=\(directory.file("tokens"))",
        "--authorization-mode=Node,RBAC", "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-key-file=\(accounts)", "--service-account-signing-key-file=\(accounts)",
        "--service-cluster-ip-range=10.0.0.0/24", "--endpoint-reconciler-type=none", "--event-ttl=10m",
        "--profiling=false", "--audit-policy-file=\(directory.file("audit-policy"))",
        "--audit-log-path=\(directory.file(Self.auditLog))",
      ], logFile: directory.file("kube-apiserver.log"))

    let program = "\(assets)/kube-controller-manager"
    guard access(program, X_OK) == 0 else {
      self.controllers = nil
      return
    }
    var arguments = [
      program, "--kubeconfig=\(kubeconfig)", "--service-account-private-key-file=\(accounts)",
      "--root-ca-file=\(directory.file("ca.crt"))", "--use-service-account-credentials=true",
      "--leader-elect=false", "--secure-port=0", "--profiling=false",
    ]
    let help = try await Subprocess.run(
      .path(FilePath(program)), arguments: ["--help"], output: .string(limit: 1 << 20),
      error: .combinedWithOutput)
    // Newer ones do not have a port without TLS, nor an option to close it.
    if help.standardOutput.contains(" --port ") { arguments.append("--port=0") }
    if controllers == .allButReplicaSets { arguments.append("--controllers=*,-replicaset") }
    self.controllers = ClusterProgram(arguments, logFile: directory.file("kube-controller-manager.log"))
  }

  private static func writeFiles(
    _ directory: TemporaryDirectory, server: String, adminToken: String
  ) async throws -> String {
    let certificates = Certificates(in: directory)
    try await certificates.makeAuthority("ca")
    try await certificates.make(
      "server", subject: "/CN=server", names: "IP:127.0.0.1,DNS:kubernetes.default", signedBy: "ca")
    try await certificates.make("client", subject: "/O=system:masters/CN=operator", signedBy: "ca")
    try await certificates.makeKey("accounts")
    directory.write("\(adminToken),admin,admin,\"system:masters\"\n", to: "tokens")
    // Of the programs under test, not of the cluster's own controllers.
    directory.write(
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      rules:
      - {level: None, userGroups: ["system:serviceaccounts:kube-system"]}
      - {level: Metadata, userGroups: ["system:serviceaccounts"]}
      - {level: None}
      """, to: "audit-policy")
    return directory.write(
      """
      apiVersion: v1
      kind: Config
      current-context: test
      contexts:
      - name: test
        context: {cluster: test, user: operator, namespace: default}
      clusters:
      - name: test
        cluster:
          server: \(server)
          certificate-authority: ca.crt
          tls-server-name: kubernetes.default
      users:
      - name: operator
        user: {client-certificate: client.crt, client-key: client.key}
      """, to: "kubeconfig")
  }

  /// Starts everything that does not run. Returns when the server is ready.
  func startAll() async throws {
    try store.start()
    try apiServer.start()
    try await waitUntilReady()
    try controllers?.start()
  }

  /// Ends everything.
  func endAll() async {
    await controllers?.stop(.killed)
    await apiServer.stop(.killed)
    await store.stop(.killed)
  }

  private func waitUntilReady() async throws {
    let tls = TLSConfiguration(trust: .authorities(authority))
    let transport = try HTTPTransport(HTTPTransport.Configuration(tls: tls))
    defer { transport.shutdown() }
    let request = HTTPRequest(
      .get, "\(server)/readyz", bearerToken: BearerToken(adminToken), deadline: .seconds(2))
    var last = ""
    let deadline = ContinuousClock.now + .seconds(300)
    // Nobody tells when it is ready, so it is asked.
    while ContinuousClock.now < deadline {
      for program in [store, apiServer] where program.hasEnded { throw Failure(program.report) }
      do {
        let answer = try await transport.send(request)
        if answer.status == 200 { return }
        last = answer.text
      } catch {
        last = "\(error)"
      }
      try await ContinuousClock().sleep(for: .milliseconds(100))
    }
    throw Failure("the API server did not become ready: \(last)\n\(apiServer.report)\n\(store.report)")
  }
}
