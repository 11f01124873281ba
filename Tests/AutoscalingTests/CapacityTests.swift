import Autoscaling
import Testing

@Suite("Short capacity")
struct CapacityTests {
  private let shortage = CapacityShortage(
    .unschedulable, cause: "0/3 nodes are available: 3 Insufficient cpu")

  private func scaler(min: Int = 0, max: Int = 20, replicas: Int) throws -> Scaler {
    var scaler = Scaler(try ScalingPolicy(min: min, max: max, idleFor: .zero), replicas: replicas)
    scaler.shortage = shortage
    return scaler
  }

  @Test("no more are asked for while some cannot start, and growth goes on when they can")
  func capped() throws {
    var scaler = try scaler(replicas: 10)
    let decision = try scaler.read(waiting: 15)
    #expect(decision.replicas == 10)
    #expect(decision.explanation.reason == .capacityShort)
    #expect(decision.explanation.limits == [.capacityShort(shortage, otherwise: 15)])
    #expect(decision.explanation.outlook.first == .capacityReturns(replicas: 15))
    #expect(
      decision.explanation.summary
        == "hold at 10: 15 waiting + 0 running need 15 replicas; no node has room for some that are wanted "
        + "already (0/3 nodes are available: 3 Insufficient cpu), until they run or are wanted no more, "
        + "otherwise 15")
    scaler.wait(2)
    scaler.shortage = nil
    #expect(try scaler.read(waiting: 15).replicas == 15)
  }

  @Test("less demand is followed as ever, and a shortage that keeps from nothing is not told")
  func shrinking() throws {
    var scaler = try scaler(replicas: 10)
    #expect(try scaler.read(waiting: 10).explanation.reason == .steady)
    scaler.wait(2)
    let decision = try scaler.read(waiting: 4)
    #expect(decision.replicas == 4)
    #expect(decision.explanation.limits == [])
  }

  @Test("from nothing there is always a beginning, and the minimum waits for room")
  func bounds() throws {
    var none = try scaler(replicas: 0)
    #expect(try none.read(waiting: 3).replicas == 3)
    var few = try scaler(min: 5, replicas: 3)
    let decision = try few.read(waiting: 0)
    #expect(decision.replicas == 3)
    #expect(decision.explanation.reason == .capacityShort)
    #expect(few.fail().explanation.reason == .capacityShort)
    var many = try scaler(max: 8, replicas: 10)
    #expect(try many.read(waiting: 30).replicas == 8)
  }
}
