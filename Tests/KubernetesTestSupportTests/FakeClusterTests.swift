import JSON
import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing

@Suite(
  "A cluster with a fake kubelet and fake ReplicaSets", .ifOwnAPIServer,
  .apiServer(controllers: .allButReplicaSets), .timeLimit(.minutes(10)))
struct FakeClusterTests {
  let server: APIServer

  init() throws { server = try #require(APIServerTrait.server) }

  /// A plan where every image is a shell.
  private var plan: KubeletPlan {
    var plan = KubeletPlan(images: ["shell": "/bin/sh"])
    plan.restartPause = .milliseconds(10)
    return plan
  }

  /// Makes a Deployment of shells. The end of the preStop hook and of the script shows in the container's log.
  private func makeDeployment(
    _ name: String = "web", in namespace: String, replicas: Int, script: String, grace: Int = 30,
    preStop: String? = nil
  ) async throws {
    let hook: JSONValue =
      preStop.map { ["preStop": ["exec": ["command": ["sh", "-c", .string($0)]]]] } ?? .object(JSONObject())
    let deployment: JSONValue = [
      "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name)],
      "spec": [
        "replicas": .integer(replicas), "selector": ["matchLabels": ["app": .string(name)]],
        "template": [
          "metadata": ["labels": ["app": .string(name)]],
          "spec": [
            "terminationGracePeriodSeconds": .integer(grace), "automountServiceAccountToken": false,
            "containers": [
              [
                "name": "worker", "image": "shell", "command": ["sh", "-c", .string(script)],
                "lifecycle": hook,
                "env": [
                  ["name": "PLAIN", "value": "a value"],
                  ["name": "POD_NAME", "valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]]],
                ],
              ]
            ],
          ],
        ],
      ],
    ]
    _ = try await server.client.create(.deployments, deployment, in: namespace)
  }

  private func pods(in namespace: String) async throws -> [ObservedPod] {
    try await server.client.list(ObservedPod.self, .pods, Selection(namespace: namespace)).items
  }

  private func waitForReady(_ count: Int, in namespace: String, of name: String = "web") async throws {
    try await server.poll("\(count) pods are ready") {
      let deployment = try await server.client.get(.deployments, name, in: namespace)
      return (deployment["status"]?["readyReplicas"]?.int ?? 0) == count
        && (deployment["status"]?["replicas"]?.int ?? 0) == count
    }
  }

  private func scale(_ name: String = "web", in namespace: String, to replicas: Int) async throws {
    let patch: JSONValue = ["spec": ["replicas": .integer(replicas)]]
    _ = try await server.client.patch(.deployments, name, patch, in: namespace, subresource: "scale")
  }

  // A script that says when it is asked to end, and then does. It waits at a pipe, without a child of its own: a shell
  // can lose a signal while it starts one.
  private let politeScript = #"""
    trap 'echo asked; exit 0' TERM; echo "$POD_NAME has $PLAIN"
    [ -p "$TMPDIR/gate" ] || mkfifo "$TMPDIR/gate"; exec 3<> "$TMPDIR/gate"; read line <&3
    """#

  @Test("pods run what they say, and end with hook and SIGTERM, in this order")
  func life() async throws {
    let namespace = try await server.makeNamespace("life")
    try await FakeKubelet.run(plan, in: [namespace], of: server) { kubelet in
      try await FakeReplicaSets.run(in: namespace, of: server) { _ in
        try await makeDeployment(
          in: namespace, replicas: 3, script: politeScript,
          preStop: #"echo "hook of $POD_NAME" >> $TMPDIR/log"#)
        try await waitForReady(3, in: namespace)
        let names = try await Set(pods(in: namespace).map(\.name))
        #expect(Set(await kubelet.records.map(\.name)) == names)
        try await scale(in: namespace, to: 1)
        try await server.poll("two pods are gone") { try await pods(in: namespace).count == 1 }
        let left = try await pods(in: namespace).map(\.name)
        let gone = await kubelet.records.filter { !left.contains($0.name) }
        #expect(gone.count == 2)
        for record in gone {
          let lines = record.log.split(separator: "\n")
          #expect(lines == ["\(record.name) has a value", "hook of \(record.name)", "asked"])
          #expect(record.runs.map(\.cause) == [.asked])
          #expect(record.runs.first?.exit == .code(0))
          #expect(record.preStop?.exit == .code(0))
        }
      }
      #expect(await kubelet.failures.isEmpty)
    }
  }

  @Test("a container that does not want to end is killed when the grace period is over")
  func grace() async throws {
    let namespace = try await server.makeNamespace("grace")
    try await FakeKubelet.run(plan, in: [namespace], of: server) { kubelet in
      try await FakeReplicaSets.run(in: namespace, of: server) { _ in
        try await makeDeployment(
          in: namespace, replicas: 1, script: "trap '' TERM; exec sleep 600", grace: 1)
        try await waitForReady(1, in: namespace)
        try await scale(in: namespace, to: 0)
        try await server.poll("the pod is gone") { try await pods(in: namespace).isEmpty }
      }
      let record = try #require(await kubelet.records.first)
      let run = try #require(record.runs.first)
      #expect(run.exit == .signal(9))
      #expect(run.cause == .graceOver)
      let took = try #require(run.end).microseconds - (try #require(record.deletion)).microseconds
      #expect(took >= 1_000_000)
      #expect(await kubelet.takeEnded().count == 1)
      #expect(await kubelet.records.isEmpty)
    }
  }

  @Test("a container that dies is not ready, and is started again")
  func crash() async throws {
    let namespace = try await server.makeNamespace("crash")
    try await FakeKubelet.run(plan, in: [namespace], of: server) { kubelet in
      try await FakeReplicaSets.run(in: namespace, of: server) { _ in
        try await makeDeployment(in: namespace, replicas: 1, script: politeScript)
        try await waitForReady(1, in: namespace)
        let name = try #require(try await pods(in: namespace).first).name
        await kubelet.crash(name)
        try await server.poll("it was started again") {
          guard let pod = try await pods(in: namespace).first else { return false }
          return pod.restarts == 1 && pod.pod.isReady
        }
        #expect(await kubelet.record(of: name)?.runs.map(\.cause) == [.crash, nil])
        #expect(try await pods(in: namespace).map(\.name) == [name])
      }
    }
  }

  @Test("the cheapest pods go, once their cost has come to a cache that is late", arguments: [1, 2, 3])
  func cost(_ seed: UInt64) async throws {
    let namespace = try await server.makeNamespace("cost")
    try await FakeKubelet.run(plan, in: [namespace], of: server) { _ in
      try await FakeReplicaSets.run(
        in: namespace, of: server, lateness: .milliseconds(100) ... .milliseconds(900), seed: seed
      ) { sets in
        try await makeDeployment(in: namespace, replicas: 5, script: politeScript)
        try await waitForReady(5, in: namespace)
        let names = try await pods(in: namespace).map(\.name).sorted()
        let cheap = Set([names[1], names[3]])
        for name in cheap {
          let patch: JSONValue = ["metadata": ["annotations": [Pod.deletionCostAnnotation: "-10"]]]
          _ = try await server.client.patch(.pods, name, patch, in: namespace)
        }
        try await server.poll("the costs have come to the cache") {
          await sets.knownPods.count { $0.pod.deletionCost == -10 } == cheap.count
        }
        try await scale(in: namespace, to: 3)
        try await server.poll("two pods are gone") { try await pods(in: namespace).count == 3 }
        #expect(Set(await sets.victims.map(\.pod.name)) == cheap)
        #expect(await sets.victims.allSatisfy { $0.pod.pod.deletionCost == -10 })
        try await waitForReady(3, in: namespace)
        #expect(await sets.refusals.isEmpty)
      }
    }
  }

  @Test("a late cache makes neither too many pods nor too few")
  func lateness() async throws {
    let namespace = try await server.makeNamespace("late")
    try await FakeKubelet.run(plan, in: [namespace], of: server) { kubelet in
      try await FakeReplicaSets.run(
        in: namespace, of: server, lateness: .zero ... .milliseconds(500)
      ) { sets in
        try await makeDeployment(in: namespace, replicas: 2, script: politeScript)
        for replicas in [6, 1, 4] {
          try await scale(in: namespace, to: replicas)
          try await waitForReady(replicas, in: namespace)
        }
        #expect(await kubelet.records.count == 6 + 3)
        #expect(await sets.victims.count == 5)
      }
    }
  }
}
