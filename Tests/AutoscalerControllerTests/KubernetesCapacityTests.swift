import Autoscaling
import HTTPTransport
import JSON
import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing
import Timekeeping

@testable import AutoscalerController

@Suite("Short capacity in a cluster", .ifAPIServer, .apiServer, .timeLimit(.minutes(10)))
struct KubernetesCapacityTests {
  private let clock = TestClock()

  /// Runs a body with a Deployment of two replicas as a target.
  private func run(_ body: (ScaleTarget, APIServer, _ namespace: String) async throws -> Void) async throws {
    try await WatchedTarget.run(namespace: "capacity", replicas: 2, time: Timekeeper(clock), body)
  }

  @Test("a pod that no node has room for is found, and forgotten when it has a node")
  func unschedulable() async throws {
    try await run { target, server, namespace in
      #expect(await target.capacityShortage() == nil)
      // No controller of the cluster runs that would make it.
      try await server.apply(
        "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default}}", in: namespace)
      let pod: JSONValue = [
        "apiVersion": "v1", "kind": "Pod",
        "metadata": ["name": "web-1", "labels": ["app": "web"]],
        "spec": [
          "automountServiceAccountToken": false,
          "containers": [["name": "worker", "image": "image.invalid/worker"]],
        ],
      ]
      _ = try await server.client.create(.pods, pod, in: namespace)
      func scheduled(_ status: String, _ reason: String) async throws {
        let condition: JSONValue = [
          "type": "PodScheduled", "status": .string(status), "reason": .string(reason),
          "message": "0/3 nodes are available: 3 Insufficient cpu.",
        ]
        let path = try APIResource.pods.path(namespace: namespace, name: "web-1")
        _ = try await server.client.send(
          APIRequest(
            .patch, "\(path)/status", to: "patch the pod's status",
            body: ["status": ["phase": "Pending", "conditions": [condition]]],
            contentType: "application/merge-patch+json", repetition: .always))
      }
      try await scheduled("False", "Unschedulable")
      #expect(await target.capacityShortage() == nil, "what was found is relied on for a while")
      clock.advance(by: ScaleTarget.lookInterval)
      #expect(
        await target.capacityShortage()
          == CapacityShortage(
            .unschedulable, cause: "1 pending: 0/3 nodes are available: 3 Insufficient cpu."))
      try await scheduled("True", "")
      clock.advance(by: ScaleTarget.lookInterval)
      #expect(await target.capacityShortage() == nil)
    }
  }

  @Test("a quota that is exceeded is found in the Deployment's conditions, with how many are ready")
  func quota() async throws {
    try await run { target, server, namespace in
      #expect(try await target.observe().ready == 0)
      let condition: JSONValue = [
        "type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
        "message": "pods \"web-x1\" is forbidden: exceeded quota: few, requested: pods=1, limited: pods=2",
      ]
      let path = try APIResource.deployments.path(namespace: namespace, name: "web")
      _ = try await server.client.send(
        APIRequest(
          .patch, "\(path)/status", to: "patch the Deployment's status",
          body: ["status": ["replicas": 2, "readyReplicas": 1, "conditions": [condition]]],
          contentType: "application/merge-patch+json", repetition: .always))
      let expected = CapacityShortage(
        .quota, cause: "exceeded quota: few, requested: pods=1, limited: pods=2")
      try await server.poll("the quota is seen") { await target.capacityShortage() == expected }
      #expect(try await target.observe().ready == 1)
    }
  }
}
