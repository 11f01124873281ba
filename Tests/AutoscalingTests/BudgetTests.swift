import Autoscaling
import TestSupport
import Testing

@Suite("How many changes an hour may have")
struct BudgetTests {
  private func scaler(_ perHour: Int, replicas: Int = 1) throws -> Scaler {
    Scaler(try ScalingPolicy(max: 100, idleFor: .zero, maxChangesPerHour: perHour), replicas: replicas)
  }

  @Test("a change is one whatever its size, and is available again an hour later")
  func changes() throws {
    var scaler = try scaler(2)
    #expect(try scaler.read(waiting: 90).replicas == 90)
    scaler.wait(600)
    #expect(try scaler.read(waiting: 91).replicas == 91)
    scaler.wait(600)
    let blocked = try scaler.read(waiting: 92)
    #expect(blocked.replicas == 91)
    #expect(blocked.explanation.reason == .budgetUsedUp)
    #expect(
      blocked.explanation.summary
        == "hold at 91: 92 waiting + 0 running need 92 replicas; maxChangesPerHour allows 2 changes, 2 were made, "
        + "next change in 40 m, otherwise 92")
    #expect(blocked.explanation.limits.first?.until == .origin.advanced(by: .seconds(3_600)))
    #expect(
      blocked.explanation.formulas.suffix(2).map(\.description) == [
        "wanted = max(current, bounded) = max(91, 92) = 92",
        "replicas = current, as changes in the last hour >= maxChangesPerHour = 91, as 2 >= 2 = 91",
      ])
    scaler.wait(2_399)
    #expect(try scaler.read(waiting: 92).replicas == 91)
    scaler.wait(1)
    #expect(try scaler.read(waiting: 92).replicas == 92)
    scaler.wait(1)
    #expect(try scaler.read(waiting: 93).replicas == 92)
  }

  @Test("work that waits without any replica gets them from a budget that is used up")
  func exempt() throws {
    var scaler = try scaler(1)
    #expect(try scaler.read(waiting: 2).replicas == 2)
    scaler.wait(1)
    scaler.replicas = 0
    #expect(try scaler.read(waiting: 0, running: 3).replicas == 0, "nothing waits")
    #expect(try scaler.read(waiting: 3).replicas == 3)
    scaler.wait(1)
    #expect(try scaler.read(waiting: 4).replicas == 3)
    #expect(try scaler.read(waiting: 0).explanation.reason == .budgetUsedUp)
  }

  @Test("after a restart growth begins at once, and nothing shrinks before an hour was observed")
  func restart() throws {
    var scaler = try scaler(5)
    scaler.policy = try ScalingPolicy(
      max: 100, idleFor: .zero, maxChangesPerHour: 5, stalenessLimit: .seconds(3_600))
    #expect(try scaler.read(waiting: 9).replicas == 9)
    scaler.wait(3_599)
    let held = try scaler.read(waiting: 2)
    #expect(held.replicas == 9)
    #expect(held.explanation.nextStep?.replicas == 2)
    #expect(held.explanation.nextStep?.at == scaler.now.advanced(by: .seconds(1)))
    scaler.wait(1)
    #expect(try scaler.read(waiting: 2).replicas == 2)
  }

  @Test("a dry run, whose decisions are not carried out, uses up nothing")
  func dryRun() throws {
    var scaler = try scaler(1)
    for _ in 1...5 {
      #expect(try scaler.read(waiting: 7).replicas == 7)
      scaler.replicas = 1
      scaler.wait(2)
    }
  }

  @Test(
    "no sliding hour of any history has more changes, but for the first replicas of waiting work",
    arguments: 0..<40 as Range<UInt64>)
  func slidingHours(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let perHour = random.next(in: 1...8)
    var scaler = try scaler(perHour, replicas: random.next(in: 0...5))
    var changes: [ScalingInstant] = []
    for _ in 0..<1_500 {
      scaler.wait(random.element(of: [1, 10, 60, 200]))
      let before = scaler.replicas
      let waiting = random.element(of: [0, 0, 3, 9, 40])
      guard try scaler.read(waiting: waiting).direction != .hold else { continue }
      let begin = scaler.now.advanced(by: .seconds(-3_600))
      let inHour = changes.filter { $0 > begin }.count
      #expect(inHour < perHour || (before == 0 && waiting > 0 && inHour == perHour), "seed \(seed)")
      changes.append(scaler.now)
    }
    #expect(!changes.isEmpty)
  }
}
