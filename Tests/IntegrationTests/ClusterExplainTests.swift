import Glibc
import JSON
import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing

extension ClusterTests {
  /// There is no kubelet, so the autoscaler runs beside the cluster, and a pod's status says that it is there.
  @Suite("Explanations of a running autoscaler", .ifOwnAPIServer, .serialized)
  struct ExplainTests {
    let cluster: APIServer
    /// An address of this machine that the API server's proxy is willing to reach: not a loopback one.
    private let address: String

    init() throws {
      cluster = try ClusterTests.cluster()
      address = try #require(ownAddress, "this machine has no address but loopback ones")
    }

    /// Runs an autoscaler as the pod that holds the lease.
    private func running(
      _ scene: ClusterScene, pod: String = "autoscaler-0", _ body: (_ port: String) async throws -> Void
    ) async throws {
      let port = "\(try FreePort.find(1)[0])"
      let autoscaler = try ChildProcess(
        [
          "/usr/bin/env", "POD_NAME=\(pod)", try BuiltProgram.path(of: "colonies-autoscaler"), "run",
          "--config", scene.write(scene.configuration()), "--kubeconfig", scene.kubeconfig, "--leader-elect",
          "--listen", ":\(port)",
        ], logFile: scene.served.directory.file("\(pod).log"))
      try await makePod(pod, in: scene)
      try await cluster.poll("it leads and has decided") { autoscaler.log.contains("ScaledUp") }
      try await body(port)
      autoscaler.kill(SIGTERM)
      #expect(await autoscaler.exit() == .code(0), "\(autoscaler.log)")
    }

    private func makePod(_ name: String, in scene: ClusterScene) async throws {
      let pod: JSONValue = [
        "apiVersion": "v1", "kind": "Pod",
        "metadata": ["name": .string(name), "labels": ["app": "autoscaler"]],
        // The account that is there already, and no token of it, as nobody mounts one.
        "spec": [
          "serviceAccountName": .string(scene.account.name), "automountServiceAccountToken": false,
          "containers": [["name": "autoscaler", "image": "autoscaler"]],
        ],
      ]
      _ = try await cluster.client.create(.pods, pod, in: scene.namespace)
      _ = try await cluster.client.patch(
        .pods, name,
        ["status": ["phase": "Running", "podIP": .string(address), "podIPs": [["ip": .string(address)]]]],
        in: scene.namespace, subresource: "status")
    }

    private func explain(_ scene: ClusterScene, _ arguments: String...) async throws -> ClusterScene.Ending {
      try await scene.run(["explain", "--kubeconfig", cluster.kubeconfig] + arguments)
    }

    @Test("the leader's pod is found by the lease, and asked through the API server")
    func leader() async throws {
      let scene = try await ClusterScene.ready(cluster)
      try await scene.submit(3)
      try await running(scene) { port in
        let place = ["--namespace", scene.namespace, "--port", port]
        let told = try await eventually("there is a decision after the change") {
          let told = try await scene.run(["explain", "jobs", "--kubeconfig", cluster.kubeconfig] + place)
          return told.output.contains("before\n") ? told : nil
        }
        #expect(told.exit == .code(0), "\(told)")
        #expect(told.output.contains("(pod \(scene.namespace)/autoscaler-0)\n"), "\(told)")
        #expect(told.output.contains("queue: 3 waiting + 0 running"), "\(told)")
        #expect(told.output.contains("ScaledUp: scale up from 0 to 3"), "\(told)")

        let all = try await scene.run(
          ["explain", "--kubeconfig", cluster.kubeconfig, "--output", "json"] + place)
        let json = try JSONValue(parsing: all.output.utf8)
        #expect(json["leading"] == true && json["leader"]?.string?.hasPrefix("autoscaler-0_") == true)
        #expect(json["scalers"]?[0]?["decisions"]?["newest"]?["decision"]?["replicas"]?.int == 3)

        let unknown = try await scene.run(["explain", "other", "--kubeconfig", cluster.kubeconfig] + place)
        #expect(unknown.exit == .code(1))
        #expect(unknown.output == "pod \(scene.namespace)/autoscaler-0 has no scaler other; it has jobs\n")

        let labelled = try await scene.run(
          ["explain", "jobs", "--selector", "app=autoscaler", "--kubeconfig", cluster.kubeconfig] + place)
        #expect(labelled.exit == .code(0), "\(labelled)")
        try await makePod("autoscaler-1", in: scene)
        let several = try await scene.run(
          ["explain", "jobs", "--selector", "app=autoscaler", "--kubeconfig", cluster.kubeconfig] + place)
        #expect(several.exit == .code(1))
        #expect(several.output.contains("name one with --pod: autoscaler-0, autoscaler-1\n"), "\(several)")

        // Nobody listens at this port of the pod's address.
        let closed = try await explain(
          scene, "jobs", "--namespace", scene.namespace, "--port", "\(try FreePort.find(1)[0])")
        #expect(closed.exit == .code(1))
        #expect(closed.output.contains("the autoscaler must run with --listen"), "\(closed)")
      }
      // Who left in good order gave the lease back.
      let left = try await explain(scene, "jobs", "--namespace", scene.namespace)
      #expect(left.exit == .code(1))
      #expect(
        left.output.contains("nobody holds the lease \(scene.namespace)/colonies-autoscaler"), "\(left)")
    }

    @Test("what is printed for a person is what it takes, and less is told")
    func permissions() async throws {
      let scene = try await ClusterScene.ready(cluster)
      try await scene.submit(3)
      let person = try await cluster.addServiceAccount("person", in: scene.namespace)
      scene.served.directory.makeDirectory("person")
      try cluster.write(person, to: scene.served.directory.file("person"))
      let kubeconfig = scene.served.directory.write(
        try #require(scene.served.directory.read("pod/kubeconfig")), to: "person/kubeconfig")
      try await running(scene) { port in
        let command = [
          "explain", "jobs", "--kubeconfig", kubeconfig, "--namespace", scene.namespace, "--port", port,
        ]
        let denied = try await scene.run(command)
        #expect(denied.exit == .code(1))
        #expect(
          denied.output.contains("leases") && denied.output.contains("rbac --for explain --user NAME"),
          "\(denied)")
        let printed = try await scene.run([
          "rbac", "--for", "explain", "--namespace", scene.namespace, "--user", person.user.name,
        ])
        #expect(printed.exit == .code(0), "\(printed)")
        try await cluster.apply(printed.output)
        try await cluster.poll("the person may ask") { try await scene.run(command).exit == .code(0) }
      }
    }

    @Test("what is not there is told")
    func nothing() async throws {
      let scene = try await ClusterScene(cluster)
      let lease = try await explain(scene, "jobs", "--namespace", scene.namespace)
      #expect(lease.exit == .code(1))
      #expect(
        lease.output.hasPrefix("there is no lease \(scene.namespace)/colonies-autoscaler: name another one"),
        "\(lease)")
      let pod = try await explain(scene, "jobs", "--namespace", scene.namespace, "--pod", "none")
      #expect(pod.exit == .code(1))
      #expect(pod.output.contains("\"none\" not found"), "\(pod)")
      let labels = try await explain(scene, "jobs", "--namespace", scene.namespace, "--selector", "a=b")
      #expect(labels.exit == .code(1))
      #expect(labels.output == "no pod of \(scene.namespace) with labels a=b is running\n")
    }
  }
}

/// The first address of this machine that is no loopback one; nil when it has none.
private var ownAddress: String? {
  var first: UnsafeMutablePointer<ifaddrs>?
  guard getifaddrs(&first) == 0 else { return nil }
  defer { freeifaddrs(first) }
  var next = first
  while let entry = next {
    next = entry.pointee.ifa_next
    guard let address = entry.pointee.ifa_addr, address.pointee.sa_family == AF_INET,
      entry.pointee.ifa_flags & UInt32(IFF_LOOPBACK) == 0
    else { continue }
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    guard getnameinfo(address, length, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 else {
      continue
    }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
  return nil
}
