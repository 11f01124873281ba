import JSON
import KubernetesTestSupport
import TestSupport
import Testing

@testable import KubernetesClient

@Suite("Pods, and what makes them")
struct PodTests {
  private func pod(_ text: String) throws -> Pod { try Pod(JSONValue(parsing: Array(text.utf8))) }

  @Test("a pod says where it is in its life, whose it is, and what is noted on it")
  func whole() throws {
    let pod = try pod(
      """
      {"kind": "Pod",
       "metadata": {"name": "w-1", "uid": "u", "deletionTimestamp": "2026-11-25T10:00:00Z",
         "annotations": {"controller.kubernetes.io/pod-deletion-cost": "-5"},
         "ownerReferences": [
           {"apiVersion": "v1", "kind": "Node", "name": "n", "uid": "n1"},
           {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "w", "uid": "r1", "controller": true}]},
       "spec": {"nodeName": "n", "terminationGracePeriodSeconds": 90},
       "status": {"phase": "Running", "conditions": [
         {"type": "PodScheduled", "status": "True"},
         {"type": "Ready", "status": "True", "lastTransitionTime": "2026-11-25T09:00:00Z"}]}}
      """)
    #expect(pod.phase == .running && pod.isReady && pod.isTerminating && !pod.hasEnded)
    #expect(pod.readySince?.seconds == "2026-11-25T09:00:00Z")
    #expect(pod.nodeName == "n" && pod.terminationGracePeriodSeconds == 90)
    #expect(pod.controller == OwnerReference(apiVersion: "apps/v1", kind: "ReplicaSet", name: "w", uid: "r1"))
    #expect(pod.deletionCost == -5)
  }

  @Test("a pod that nobody has looked at yet is pending, not ready, and has the usual grace")
  func young() throws {
    let pod = try pod(
      #"{"metadata": {"name": "w"}, "spec": {}, "status": {"phase": "Pending"}}"#)
    #expect(pod.phase == .pending && !pod.isReady && pod.readySince == nil && !pod.isTerminating)
    #expect(pod.nodeName == nil && pod.controller == nil && pod.deletionCost == nil)
    #expect(pod.terminationGracePeriodSeconds == 30)
  }

  @Test("why a pod has no node is in its conditions")
  func unschedulable() throws {
    let pod = try pod(
      """
      {"metadata": {"name": "w"}, "status": {"phase": "Pending", "conditions": [
        {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes"}]}}
      """)
    #expect(
      pod.conditions["PodScheduled"]
        == ObjectCondition("PodScheduled", .no, reason: "Unschedulable", message: "0/3 nodes"))
  }

  @Test(
    "a field of another type is an error, not an absence",
    arguments: [
      #"{"metadata": {"name": "w", "ownerReferences": [1]}}"#,
      #"{"metadata": {"name": "w"}, "spec": {"terminationGracePeriodSeconds": "x"}}"#,
      #"{"metadata": {"name": "w"}, "status": {"conditions": {}}}"#,
    ])
  func wrong(_ text: String) {
    #expect(throws: KubernetesError.self) { try pod(text) }
  }

  @Test("costs that the API would refuse are none", arguments: ["", "1.5", "x", "2147483648"])
  func cost(_ text: String) throws {
    let pod = try pod(
      #"{"metadata": {"annotations": {"controller.kubernetes.io/pod-deletion-cost": "\#(text)"}}}"#)
    #expect(pod.deletionCost == nil)
  }

  @Test("a selector is written as queries have it")
  func selector() throws {
    func selector(_ text: String) throws -> String? {
      LabelSelector(of: try JSONValue(parsing: Array(#"{"spec": {"selector": \#(text)}}"#.utf8)))?.text
    }
    #expect(
      try selector(
        """
        {"matchLabels": {"b": "2", "a": "1"}, "matchExpressions": [
          {"key": "c", "operator": "In", "values": ["x", "y"]},
          {"key": "d", "operator": "NotIn", "values": ["z"]},
          {"key": "e", "operator": "Exists"}, {"key": "f", "operator": "DoesNotExist"}]}
        """) == "a in (1),b in (2),c in (x,y),d notin (z),e,!f")
    #expect(try selector("{}") == "")
    #expect(try selector(#"{"matchExpressions": [{"key": "a", "operator": "Near"}]}"#) == nil)
    #expect(LabelSelector(of: ["spec": [:]]) == nil)
  }

  @Suite("against a real API server", .ifAPIServer, .apiServer, .timeLimit(.minutes(10)))
  struct Live {
    @Test("the pods of a Deployment are found by its selector, and one is annotated if it is still the same")
    func annotate() async throws {
      let server = try #require(APIServerTrait.server)
      let namespace = try await server.makeNamespace("pods")
      let client = server.client
      try await server.makeDeployment("web", in: namespace, replicas: 2)
      try await server.makeDeployment("other", in: namespace, replicas: 1)
      let json = try await client.get(.deployments, "web", in: namespace)
      let selector = try #require(LabelSelector(of: json))
      let selection = Selection(namespace: namespace, labels: selector.text)
      var pods: [Pod] = []
      try await server.poll("there are two pods") {
        pods = try await client.list(Pod.self, selection).items
        return pods.count == 2
      }
      let owner = try #require(pods[0].controller)
      #expect(owner.kind == "ReplicaSet" && pods.allSatisfy { $0.controller == owner })
      let set = try await client.get(ReplicaSet.self, owner.name, in: namespace)
      #expect(set.metadata.uid == owner.uid && set.controller?.name == "web" && set.replicas == 2)

      let uid = try #require(pods[0].metadata.uid)
      let name = pods[0].metadata.name
      let key = Pod.deletionCostAnnotation
      let marked = try await client.annotate(
        Pod.self, name, in: namespace, uid: uid, [key: "-10", "example.org/other": "kept"])
      #expect(marked.deletionCost == -10)
      let unmarked = try await client.annotate(Pod.self, name, in: namespace, uid: uid, [key: nil])
      #expect(unmarked.deletionCost == nil)
      #expect(unmarked.metadata.annotations["example.org/other"] == "kept")
      do throws(KubernetesError) {
        _ = try await client.annotate(Pod.self, name, in: namespace, uid: "another", [key: "1"])
        Issue.record("another pod of that name was annotated")
      } catch {
        #expect(error.code == .conflict)
      }
      let seen = try #require(unmarked.metadata.resourceVersion)
      let changed = try await client.annotate(
        Pod.self, name, in: namespace, uid: uid, [key: "1"], resourceVersion: seen)
      #expect(changed.deletionCost == 1)
      do throws(KubernetesError) {
        _ = try await client.annotate(
          Pod.self, name, in: namespace, uid: uid, [key: "2"], resourceVersion: seen)
        Issue.record("another version of the pod was annotated")
      } catch {
        #expect(error.code == .conflict)
      }
    }
  }
}
