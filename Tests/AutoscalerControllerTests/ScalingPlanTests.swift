import JSON
import KubernetesClient
import TestSupport
import Testing

@testable import AutoscalerController

@Suite("Plans", .timeLimit(.minutes(10)))
struct ScalingPlanTests {
  @Test("permissions that could not be checked are a problem, and not taken to be there")
  func uncheckedPermissions() async throws {
    let clock = TestClock()
    // It has no answer to whether something is allowed.
    let server = QuietAPIServer(clock)
    let plan = await ScalingPlan.make(
      AutoscalerConfiguration(servers: [], scalers: []), cluster: ClusterAccess(client: server.client),
      permissions: RequiredPermissions(namespaces: [
        NamespacePermissions(
          namespace: "ns", rules: [PermissionRule(.pods, verbs: ["list"], purpose: "look")])
      ]), clock: clock
    ) { _ in throw Failure("there is no queue") }
    #expect(plan.hasFailures)
    #expect(plan.changes.isEmpty)
    let line = "error: the permissions could not be checked: could not ask whether list pods is allowed: "
    for text in [plan.table, plan.explanations] {
      #expect(text.split(separator: "\n").last?.hasPrefix(line) == true, "\(text)")
    }
    let json = try JSONValue(parsing: plan.jsonText.utf8)
    #expect(json["missingPermissions"] == .null)
    #expect(json["permissionsError"]?.string?.hasPrefix("could not ask whether list pods") == true)
  }

  @Test("a plan without a cluster needs no permissions")
  func noCluster() async {
    let plan = await ScalingPlan.make(
      AutoscalerConfiguration(servers: [], scalers: []), cluster: nil, permissions: nil
    ) { _ in throw Failure("there is no queue") }
    #expect(!plan.hasFailures)
    #expect(plan.missingPermissions == .success([]))
  }
}
