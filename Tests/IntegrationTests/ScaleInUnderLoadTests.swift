import KubernetesTestSupport
import ScaleInSoak
import Testing

/// The short version of `hack/soak scale-in`.
@Suite(
  "Scaling in under load, with everything that may go wrong", .ifOwnAPIServer,
  .apiServer(controllers: .allButReplicaSets), .timeLimit(.minutes(15)))
struct ScaleInUnderLoadTests {
  @Test("no busy worker is taken, no process is lost or run twice at once, and nobody is left out of service")
  func soak() async throws {
    let server = try #require(APIServerTrait.server)
    var plan = try SoakPlan(
      programs: .init(
        colonies: BuiltProgram.path(), autoscaler: BuiltProgram.path(of: "colonies-autoscaler"),
        worker: BuiltProgram.path(of: "soak-worker")),
      seed: 2026, actions: 80, limit: .seconds(120))
    // One for each combination.
    plan.targets = 8
    plan.maximum = 4
    let outcome = try await SoakRound(plan, on: server).run()
    print(outcome.text)
    #expect(outcome.problems == [])
    // How much could be tried, the machine decides.
    #expect(outcome.scaleIns > 0)
    #expect(outcome.removed > 0)
    #expect(outcome.jobs > 0)
    #expect(!outcome.races.isEmpty)
  }
}
