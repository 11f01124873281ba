import Colonies
import KubernetesClient
import Testing

@testable import AutoscalerController

@Suite("Which pods are a target's, and which workers are in them")
struct PodNamesTests {
  private func names(_ name: String, kind: String = "Deployment") -> PodNames {
    PodNames(
      ClusterObject(
        ScaleTargetConfiguration(
          reference: ScaleTargetReference(apiVersion: "apps/v1", kind: kind, name: name), namespace: "n"),
        defaultNamespace: "n"))
  }

  @Test(
    "a Deployment's pods have a hash and five letters behind its name",
    arguments: [
      ("web-6d4cf56db6-x2x9k", true), ("web-5f-bbbbb", true), ("web-api-6d4cf56db6-x2x9k", false),
      ("web-x2x9k", false), ("web-6d4cf56db6-x2x9", false), ("web-0", false),
      ("webx-6d4cf56db6-x2x9k", false),
      ("web-6d4cf56db61-x2x9k", false), ("web-6d4cf56db6-aeiou", false), ("web--x2x9k", false),
      ("web-", false),
    ])
  func deployment(_ name: String, _ isOwn: Bool) { #expect(names("web").contains(name) == isOwn) }

  @Test(
    "a StatefulSet's pods have a number behind its name",
    arguments: [("web-0", true), ("web-12", true), ("web-", false), ("web-x", false), ("web-1-2", false)])
  func statefulSet(_ name: String, _ isOwn: Bool) {
    #expect(names("web", kind: "StatefulSet").contains(name) == isOwn)
  }

  @Test("names that the cluster cut are nobody's, as nobody can tell")
  func cut() {
    let long = String(repeating: "a", count: 60)
    #expect(names(long).prefix == String(repeating: "a", count: 58))
    #expect(!names(long).contains(String(repeating: "a", count: 58) + "x2x9k"))
  }

  @Test(
    "a worker that registered again in its pod is known by the pod's name",
    arguments: [
      ("web-1", "web-1"), ("web-1_0123abcd", "web-1"), ("web-1_0123abc", "web-1_0123abc"),
      ("web-1_0123abcg", "web-1_0123abcg"), ("web-1-0123abcd", "web-1-0123abcd"), ("_0123abcd", ""),
    ])
  func again(_ worker: String, _ pod: String) { #expect(PodWorkers.podName(of: worker) == pod) }

  @Test("of several workers of a pod the newest counts, and none that was removed")
  func newest() {
    func worker(_ id: String, _ name: String, _ state: Executor.State, at second: Int64) -> Executor {
      Executor(
        id: id, type: "t", name: name, state: state,
        commissionTime: Timestamp(nanoseconds: second * 1_000_000_000))
    }
    let workers = PodWorkers(
      [
        worker("1", "web-1", .approved, at: 1), worker("3", "web-1_00000001", .approved, at: 3),
        worker("2", "web-1", .approved, at: 2), worker("4", "web-1", .unregistered, at: 4),
        worker("5", "other", .approved, at: 5),
      ], pods: ["web-1", "web-2"])
    #expect(workers.byPod.mapValues(\.id) == ["web-1": "3"])
    #expect(workers.older.mapValues { $0.map(\.id).sorted() } == ["web-1": ["1", "2"]])
    #expect(workers.others.map(\.id) == ["5"])
    #expect(workers.shared == [])
  }

  @Test(
    "several workers share a pod while an older one is heard of beside the newest",
    arguments: [
      (9, 100, false), (10, 100, true), (10, 101, false), (99, 100, true), (99, nil, true), (nil, 100, false),
    ] as [(Int64?, Int64?, Bool)])
  func shared(_ older: Int64?, _ newest: Int64?, _ isShared: Bool) {
    func worker(_ id: String, at began: Int64, heard: Int64?) -> Executor {
      Executor(
        id: id, type: "t", name: "web-1", state: .approved,
        commissionTime: Timestamp(nanoseconds: began * 1_000_000_000),
        lastHeardFromTime: heard.map { Timestamp(nanoseconds: $0 * 1_000_000_000) })
    }
    let all = [worker("2", at: 10, heard: newest), worker("1", at: 1, heard: older)]
    #expect(PodWorkers(all, pods: ["web-1"]).shared == (isShared ? ["web-1"] : []))
  }

  @Test(
    "costs are honored since 1.22",
    arguments: [
      ("v1.22.0", true), ("v1.21.14", false), ("v1.22.17-gke.100", true), ("1.36.2", true),
      ("v1.20.2", false),
      ("v2.0.0", true), ("v1.25+", true),
    ])
  func version(_ text: String, _ isHonored: Bool) throws {
    #expect(try #require(KubernetesVersion(text)).honorsDeletionCost == isHonored)
  }

  @Test("other texts are no versions", arguments: ["", "v", "v1", "one.two", "v1.x"])
  func noVersion(_ text: String) { #expect(KubernetesVersion(text) == nil) }
}
