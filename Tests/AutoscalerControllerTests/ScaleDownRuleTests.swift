import Testing

@testable import AutoscalerController

@Suite("The rule that tests of scale-downs go by")
struct ScaleDownRuleTests {
  private let start = ContinuousClock.now

  private func moments(_ values: [(Int, Double)]) -> [Moment<Int>] {
    values.map { Moment(value: $0.0, at: start + .seconds($0.1)) }
  }

  @Test(
    "replicas may go when the demand was lower for the whole window",
    arguments: [
      // Demand falls at 10, and the window is 3 long.
      (12.9, 1, 1), (13.1, 1, 0), (20, 0, 1),
      // A change may be seen a second later than it was decided: the demand has risen again at 14.
      (14.9, 1, 0), (15.1, 1, 1), (15.1, 4, 0),
    ])
  func window(at: Double, replicas: Int, violations: Int) {
    let rule = ScaleDownRule(idleFor: .seconds(3), lateness: .seconds(1))
    let readings = moments(at > 14 && at < 16 ? [(5, 0), (1, 10), (4, 14)] : [(5, 0), (1, 10)])
    let found = rule.violations(moments([(0, 0), (5, 1), (replicas, at)]), readings: readings)
    #expect(found.count == violations)
  }
}
