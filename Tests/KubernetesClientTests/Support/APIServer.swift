import Glibc
import HTTPTransport
import KubernetesClient
import Subprocess
import SystemPackage
import TestSupport

/// A real API server with a store of its own, on this machine, for as long as a test's body runs.
struct APIServer: Sendable {
  /// Where `hack/envtest` put the programs; nil when the tests are to do without.
  static var assets: String? { getenv("COLONIES_ENVTEST_ASSETS").map { String(cString: $0) } }

  struct Failed: Error, CustomStringConvertible {
    let description: String
  }

  /// A user of the server, by token.
  struct User: Sendable {
    let name: String
    let token = String(UInt64.random(in: .min ... .max), radix: 16)
    var groups: [String] = []
  }

  let folder: TemporaryDirectory
  let server: String
  /// May do everything.
  let admin: User
  /// May do nothing before it is granted something.
  let guest: User
  /// Whether Deployments make pods.
  let hasControllers: Bool

  /// The server's address, with a user's token.
  func cluster(_ user: User) -> ClusterConfiguration {
    ClusterConfiguration(
      server: server, tls: TLSConfiguration(trust: .authorities(.file(folder.file("ca.crt")))),
      credentials: .token(BearerToken(user.token)))
  }

  /// A kubeconfig with a client certificate of a user in `system:masters`, by the server's inner name.
  var kubeconfig: String { folder.file("kubeconfig") }

  // MARK: Starting and stopping

  /// Starts a server, runs a body and ends the server.
  static func run<Value: Sendable>(
    _ assets: String, _ body: @escaping @Sendable (APIServer) async throws -> Value
  ) async throws -> Value {
    let folder = TemporaryDirectory()
    let ports = try freePorts(3)
    let hasControllers = access("\(assets)/kube-controller-manager", X_OK) == 0
    let server = APIServer(
      folder: folder, server: "https://127.0.0.1:\(ports[0])",
      admin: User(name: "admin", groups: ["system:masters"]), guest: User(name: "guest"),
      hasControllers: hasControllers)
    try await server.writeFiles()
    let etcd = "http://127.0.0.1:\(ports[1])"
    let peer = "http://127.0.0.1:\(ports[2])"
    return try await server.running([
      "\(assets)/etcd", "--data-dir", folder.file("data"), "--listen-client-urls", etcd,
      "--advertise-client-urls", etcd, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
      "--initial-cluster", "default=\(peer)",
    ]) {
      try await server.running(
        [
          "\(assets)/kube-apiserver", "--etcd-servers=\(etcd)", "--bind-address=127.0.0.1",
          "--secure-port=\(ports[0])", "--tls-cert-file=\(folder.file("server.crt"))",
          "--tls-private-key-file=\(folder.file("server.key"))",
          "--client-ca-file=\(folder.file("ca.crt"))", "--token-auth-file=\(folder.file("tokens"))",
          "--authorization-mode=Node,RBAC", "--service-account-issuer=https://kubernetes.default.svc",
          "--service-account-key-file=\(folder.file("accounts.key"))",
          "--service-account-signing-key-file=\(folder.file("accounts.key"))",
          "--service-cluster-ip-range=10.0.0.0/24", "--endpoint-reconciler-type=none",
          "--event-ttl=10m", "--profiling=false",
        ]
      ) {
        try await server.waitUntilReady()
        guard hasControllers else { return try await body(server) }
        let help = try await output("\(assets)/kube-controller-manager", "--help")
        var arguments = [
          "\(assets)/kube-controller-manager", "--kubeconfig=\(server.kubeconfig)",
          "--service-account-private-key-file=\(folder.file("accounts.key"))",
          "--root-ca-file=\(folder.file("ca.crt"))", "--use-service-account-credentials=true",
          "--leader-elect=false", "--secure-port=0", "--profiling=false",
        ]
        // Newer ones do not have a port without TLS, nor an option to close it.
        if help.contains(" --port ") { arguments.append("--port=0") }
        return try await server.running(arguments) { try await body(server) }
      }
    }
  }

  /// Runs a program beside a body. The program ends with the body, and also when this process ends without
  /// ending it: the shell that watches over it notices that its input is closed.
  private func running<Value: Sendable>(
    _ command: [String], _ body: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let watch = #""$@" </dev/null & child=$!; cat >/dev/null; kill $child; wait $child"#
    let name = command[0].split(separator: "/").last.map(String.init) ?? ""
    let log = try FileDescriptor.open(
      folder.file("\(name).log"), .writeOnly, options: [.create, .truncate, .closeOnExec],
      permissions: .ownerReadWrite)
    var options = PlatformOptions()
    options.processGroupID = 0
    options.teardownSequence = [
      .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)
    ]
    let result = try await Subprocess.run(
      Configuration(
        executable: .path("/bin/sh"), arguments: Arguments(["-c", watch, "watch"] + command),
        platformOptions: options),
      input: .inputWriter, output: .fileDescriptor(log, closeAfterSpawningProcess: true),
      error: .combinedWithOutput
    ) { execution in
      let value: Result<Value, any Error>
      do {
        value = .success(try await body())
      } catch {
        value = .failure(error)
      }
      try await execution.standardInputWriter.finish()
      return value
    }
    do {
      return try result.closureResult.get()
    } catch {
      throw Failed(
        description: "\(error)\n\(name) said last: \((folder.read("\(name).log") ?? "").suffix(2000))")
    }
  }

  private static func output(_ command: String, _ arguments: String...) async throws -> String {
    let result = try await Subprocess.run(
      .path(FilePath(command)), arguments: Arguments(arguments), output: .string(limit: 1 << 20),
      error: .combinedWithOutput)
    return result.standardOutput
  }

  private func waitUntilReady() async throws {
    let transport = try HTTPTransport(HTTPTransport.Configuration(tls: cluster(admin).tls))
    let request = HTTPRequest(.get, "\(server)/readyz", bearerToken: BearerToken(admin.token))
    var last = ""
    // Nobody tells when it is ready, so it is asked.
    for _ in 0..<600 {
      do {
        let answer = try await transport.send(request)
        if answer.status == 200 { return }
        last = answer.text
      } catch {
        last = "\(error)"
      }
      try await ContinuousClock().sleep(for: .milliseconds(100))
    }
    throw Failed(description: "the API server did not become ready: \(last)")
  }

  // MARK: Files

  private func writeFiles() async throws {
    try await certificate("ca", "/CN=ca", signedBy: nil)
    try await certificate(
      "server", "/CN=server", signedBy: "ca",
      ["-addext", "subjectAltName=IP:127.0.0.1,DNS:kubernetes.default"])
    try await certificate("client", "/O=system:masters/CN=operator", signedBy: "ca")
    _ = try await Self.output(
      "/usr/bin/openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out",
      folder.file("accounts.key"))
    let lines = [admin, guest].map {
      "\($0.token),\($0.name),\($0.name),\"\($0.groups.joined(separator: ","))\"\n"
    }
    folder.write(lines.joined(), to: "tokens")
    folder.write(
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

  private func certificate(
    _ name: String, _ subject: String, signedBy authority: String?, _ more: [String] = []
  ) async throws {
    var arguments = [
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
      "-subj", subject, "-keyout", folder.file("\(name).key"), "-out", folder.file("\(name).crt"),
    ]
    if let authority {
      arguments += [
        "-CA", folder.file("\(authority).crt"), "-CAkey", folder.file("\(authority).key"),
        "-addext", "basicConstraints=critical,CA:FALSE",
      ]
    }
    let result = try await Subprocess.run(
      .name("openssl"), arguments: Arguments(arguments + more), output: .string(limit: 1 << 16),
      error: .combinedWithOutput)
    guard result.terminationStatus == .exited(0) else {
      throw Failed(description: "openssl: \(result.standardOutput)")
    }
  }

  /// Ports that nobody listens on at this moment.
  private static func freePorts(_ count: Int) throws -> [UInt16] {
    var descriptors: [Int32] = []
    defer { for descriptor in descriptors { close(descriptor) } }
    return try (0..<count).map { _ in
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      descriptors.append(descriptor)
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let code = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
        }
      }
      guard code == 0 else { throw Failed(description: "there is no free port") }
      return UInt16(bigEndian: address.sin_port)
    }
  }
}
