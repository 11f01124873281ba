import PolicySearch
import Testing

@Suite("Objectives")
struct SearchObjectiveTests {
  @Test(
    "forms",
    arguments: [
      ("p95 wait <= 30s", SearchObjective.Measure.wait(share: 0.95), 30.0, "p95 wait <= 30s"),
      ("p99.9 wait<=1m30s", .wait(share: 99.9 / 100), 90, "p99.9 wait <= 1m30s"),
      ("max wait ≤ 250ms", .longestWait, 0.25, "max wait <= 250ms"),
      ("mean wait <= 5s", .meanWait, 5, "mean wait <= 5s"),
      ("  cost<= 1.5 ", .cost, 1.5, "cost <= 1.5"), ("changes <= 2000", .changes, 2_000, "changes <= 2000"),
      ("reversals <= 0", .reversals, 0, "reversals <= 0"),
    ])
  func forms(text: String, measure: SearchObjective.Measure, limit: Double, normal: String) throws {
    let objective = try #require(SearchObjective(parsing: text))
    #expect(objective.measure == measure && objective.limit == limit && objective.text == normal)
  }

  @Test(
    "what is none",
    arguments: [
      "", "p95 wait", "p95 wait < 30s", "p95 <= 30s", "p0 wait <= 30s", "p101 wait <= 30s", "p95 wait <= 30",
      "cost <= 30s", "wait <= 30s", "p95 wait <= 30s now", "cost <= -1", "cost <= .5", "cost <= 1e3",
    ])
  func none(text: String) {
    #expect(SearchObjective(parsing: text) == nil)
  }
}
