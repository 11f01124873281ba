import Autoscaling
import Files
import TestSupport
import Testing

@Suite("Bounds at certain times")
struct ScheduleTests {
  /// The origin of a ``Scaler`` is a Monday, at 8 in Stockholm.
  private func work(min: Int? = 5, max: Int? = 50) throws -> ScalingSchedule {
    try ScalingSchedule(
      from: "0 8 * * 1-5", to: "0 18 * * mon-fri", timeZone: "Europe/Stockholm",
      zoneFile: try File.bytes("/usr/share/zoneinfo/Europe/Stockholm"), min: min, max: max)
  }

  @Test("a schedule takes the place of both bounds from its beginning to its end")
  func beginsAndEnds() throws {
    var scaler = Scaler(try ScalingPolicy(max: 10, schedules: [try work()], idleFor: .zero))
    scaler.wait(-1)
    #expect(try scaler.read(waiting: 20).replicas == 10)
    scaler.wait(1)
    #expect(try scaler.read(waiting: 70).replicas == 50)
    scaler.wait(2)
    let held = try scaler.read(waiting: 0).explanation
    #expect(held.replicas == 5)
    #expect(held.limits.map(\.code) == ["scheduledMinimum"])
    #expect(held.limits.first?.until == .origin.advanced(by: .seconds(36_000)))
    #expect(
      held.summary
        == "scale down from 50 to 5: 0 waiting + 0 running need 0 replicas; min keeps 5 replicas from "
        + "0 8 * * 1-5 to 0 18 * * mon-fri (Europe/Stockholm), which ends in 9 h 59 m")
    scaler.now = .origin.advanced(by: .seconds(35_999))
    #expect(try scaler.read(waiting: 0).replicas == 5)
    scaler.wait(1)
    #expect(try scaler.read(waiting: 0).replicas == 0)
  }

  @Test("on the days of a change of clocks it begins and ends by what clocks show")
  func daylightSaving() throws {
    let zoneFile = try File.bytes("/usr/share/zoneinfo/Europe/Stockholm")
    let night = try ScalingSchedule(
      from: "30 2 * * *", to: "0 4 * * *", timeZone: "Europe/Stockholm", zoneFile: zoneFile, min: 1)
    let jump = 1_774_746_000
    for (second, isActive) in [(-1, false), (0, true), (3_599, true), (3_600, false)] {
      #expect(night.isActive(at: .seconds(jump + second)) == isActive)
    }
    let repeated = 1_792_888_200
    for (second, isActive) in [(-1, false), (0, true), (9_000 - 1, true), (9_000, false)] {
      #expect(night.isActive(at: .seconds(repeated + second)) == isActive)
    }
  }

  @Test("an end and a beginning at the same moment go on")
  func contiguous() throws {
    let days = try ScalingSchedule(from: "0 0 * * 1-5", to: "0 0 * * 2-6", min: 1)
    let monday = 1_795_392_000
    for day in -2...11 {
      let isWeekend = [-2, -1, 5, 6].contains(day)
      #expect(days.isActive(at: .seconds(monday + day * 86_400)) == !isWeekend, "\(day)")
    }
  }

  @Test(
    "of several the largest minimum and the smallest maximum hold, and the maximum wins",
    arguments: [
      ([(5, 50), (8, nil)], 8, 50), ([(5, 50), (nil, 20)], 5, 20), ([(30, nil), (nil, 20)], 20, 20),
      ([(nil, 2)], 2, 2), ([(5, nil)], 5, 40),
    ] as [([(Int?, Int?)], Int, Int)])
  func overlap(bounds: [(Int?, Int?)], min: Int, max: Int) throws {
    let schedules = try bounds.map { try work(min: $0.0, max: $0.1) }
    let policy = try ScalingPolicy(min: 3, max: 40, schedules: schedules)
    let found = policy.bounds(at: .seconds(1_795_417_200))
    #expect(found.min == min && found.max == max)
  }

  @Test("while the time is unknown nothing is taken away")
  func unknownTime() throws {
    let policy = try ScalingPolicy(max: 10, schedules: [try work(), try work(min: nil, max: 2)])
    #expect(policy.bounds(at: nil).min == 5)
    #expect(policy.bounds(at: nil).max == 50)
    #expect(policy.highestMax == 50)
  }

  @Test("a minimum over the maximum is refused")
  func problems() throws {
    let schedule = try work(min: 11, max: nil)
    let error = #expect(throws: ScalingPolicyError.self) { try ScalingPolicy(max: 10, schedules: [schedule]) }
    #expect(error?.description == "schedules: must be from 0 to 10, got 11")
    let zone = #expect(throws: ScalingScheduleError.self) {
      try ScalingSchedule(from: "0 8 * * *", to: "0 9 * * *", timeZone: "X/Y", zoneFile: [1, 2], min: 1)
    }
    #expect(zone?.description == "timeZone: is no time zone file")
  }

  @Test(
    "with schedules the result is within the bounds of the time, however demand changes",
    arguments: 0..<20 as Range<UInt64>)
  func always(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let schedules = [try work(min: random.next(in: 0...9)), try work(min: nil, max: random.next(in: 9...20))]
    var scaler = Scaler(try ScalingPolicy(min: 1, max: 30, schedules: schedules, idleFor: .zero))
    for _ in 0..<300 {
      scaler.wait(random.next(in: 1...9_000))
      let decision = try scaler.read(waiting: random.next(in: 0...60))
      let bounds = scaler.policy.bounds(at: scaler.wallTime)
      #expect(decision.explanation.bounds == bounds)
      #expect(bounds.bounded(decision.replicas) == decision.replicas, "seed \(seed)")
    }
  }
}
