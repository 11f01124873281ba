import Autoscaling
import KubernetesClient
import KubernetesTestSupport
import Testing
import Timekeeping

@testable import AutoscalerController

@Suite("Events", .ifAPIServer, .apiServer, .timeLimit(.minutes(5)))
struct EventRecorderTests {
  @Test("the same note is one Event, and another where that would not be shown with the object")
  func aggregation() async throws {
    let server = try #require(APIServerTrait.server)
    let namespace = try await server.makeNamespace("events")
    let recorder = EventRecorder(
      client: server.client, time: Timekeeper(ContinuousClock()), logger: TestLog().logger)
    let note = DecisionNote(severity: .warning, reason: "Paused", message: "by a person", isChange: false)
    // Not known at first and once in between; then the object is a new one.
    for uid in [nil, nil, "first", "first", nil, "second"] {
      let object = ObjectReference(
        apiVersion: "apps/v1", kind: "Deployment", namespace: namespace, name: "web", uid: uid)
      recorder.record(note) { object }
    }
    recorder.finish()
    await recorder.run()
    let events = try await server.client.list(KubernetesEvent.self, Selection(namespace: namespace)).items
    let counts = Dictionary(grouping: events, by: \.involvedObject.uid).mapValues { $0.map(\.count) }
    #expect(counts == [nil: [2], "first": [3], "second": [1]])
  }
}
