import Autoscaling
import Simulation
import Testing

@Suite("What goes wrong in a simulation")
struct FaultTests {
  /// What happened while one process ran for 100 s, with polls every 10 s.
  private func events(
    _ kind: SimulatedFault.Kind, from begin: Int, to end: Int, max: Int = 10
  ) throws -> [SimulationEvent] {
    var simulation = Simulation.exact()
    simulation.cluster.initialReplicas = 1
    simulation.faults = FaultSchedule([SimulatedFault(kind, from: .seconds(begin), to: .seconds(end))])
    let policy = try ScalingPolicy(max: max, pollInterval: .seconds(10))
    var events: [SimulationEvent] = []
    _ = try simulation.run(
      .burst(1, lasting: 100) + .burst(4, at: 45, lasting: 10) as [SimulatedProcess],
      PolicyAutoscaler(name: "ours", policy: policy), observer: { events.append($0) })
    return events
  }

  /// When the queue was asked, in whole seconds, until 100 s.
  private func questions(_ events: [SimulationEvent]) -> [Int] {
    events.compactMap { event in
      guard case .asked(let at, _, _) = event, at.offset <= .seconds(100) else { return nil }
      return Int(at.offset / .seconds(1))
    }
  }

  private func readings(_ events: [SimulationEvent]) -> [(second: Double, reading: QueueReading?)] {
    events.compactMap { event in
      guard case .decided(let at, _, let observation, _, _) = event else { return nil }
      if case .reading(let reading) = observation { return (at.offset / .seconds(1), reading) }
      return (at.offset / .seconds(1), nil)
    }
  }

  @Test("a queue that fails is not known, and nothing is changed")
  func queueFails() throws {
    let events = try events(.queueFails, from: 5, to: 65)
    let unknown = readings(events).filter { $0.reading == nil }.map(\.second)
    #expect(unknown == [10, 20, 30, 40, 50, 60])
    let first = events.firstIndex { if case .changed = $0 { true } else { false } }
    // The burst of 45 s is seen at 70 s.
    #expect(first.map { events[$0] } == .changed(at: ScalingInstant(offset: .seconds(70)), from: 1, to: 5))
  }

  @Test("late answers tell of the moment of the question, and the next question waits")
  func queueAnswersLate() throws {
    let events = try events(.queueAnswersLate(by: .seconds(4)), from: 5, to: 45)
    // Each answer takes 4 s, after which the queue is left alone for 10 s: a third of the 30 s that a reading may be
    // old, as 4 × 4 s are more.
    #expect(questions(events) == [0, 10, 24, 38, 52, 62, 72, 82, 92])
    let late = try #require(readings(events).first { $0.second == 14 }?.reading)
    #expect(late.observedAt == ScalingInstant(offset: .seconds(10)))
  }

  @Test("answers past the deadline fail at the deadline")
  func queueAnswersTooLate() throws {
    let events = try events(.queueAnswersLate(by: .seconds(60)), from: 5, to: 15)
    #expect(readings(events).filter { $0.reading == nil }.map(\.second) == [20])
    #expect(questions(events).prefix(3) == [0, 10, 30])
  }

  @Test("lies are told as such")
  func lies() throws {
    let new = try events(.queueSeemsNew, from: 5, to: 15)
    let lie = try #require(readings(new).first { $0.second == 10 }?.reading)
    #expect(lie.demand == 0 && lie.finished == 0)
    #expect(new.contains(.asked(at: ScalingInstant(offset: .seconds(10)), demand: 1, isTrue: false)))
    #expect(new.contains(.asked(at: ScalingInstant(offset: .seconds(20)), demand: 1, isTrue: true)))
    let other = try events(.otherQueueAnswers(waiting: 7), from: 5, to: 15)
    let others = try #require(readings(other).first { $0.second == 10 }?.reading)
    #expect(others.waiting == 7 && others.source.colony == "another")
    let part = try events(.queueCountsPart(0.5), from: 45, to: 55)
    #expect(readings(part).first { $0.second == 50 }?.reading?.waiting == 2)
  }

  @Test("a change that fails is tried again with the next decision")
  func changesFail() throws {
    let events = try events(.changesFail, from: 5, to: 65)
    let sent = events.filter { if case .sent(_, 1, 5) = $0 { true } else { false } }
    #expect(sent.count == 3)
    let at = ScalingInstant(offset: .seconds(70))
    #expect(events.contains(.changed(at: at, from: 1, to: 5)))
  }

  @Test("a change that takes longer arrives later, and the next question waits for it")
  func changesTakeLonger() throws {
    let events = try events(.changesTakeLonger(by: .seconds(13)), from: 5, to: 65)
    #expect(events.contains(.changed(at: ScalingInstant(offset: .seconds(63)), from: 1, to: 5)))
    #expect(questions(events) == [0, 10, 20, 30, 40, 50, 63, 73, 83, 93])
  }

  @Test("an autoscaler that is down asks nothing, and has forgotten everything when it starts")
  func autoscalerIsDown() throws {
    let events = try events(.autoscalerIsDown, from: 15, to: 75)
    #expect(questions(events) == [0, 10, 75, 85, 95])
    #expect(events.contains(.restarted(at: ScalingInstant(offset: .seconds(75)))))
  }

  @Test("a schedule made up from a seed has faults of every kind, within the lengths that were asked for")
  func random() {
    let lengths = FaultSchedule.Lengths(longestLie: .seconds(5), longest: .seconds(60))
    let schedule = FaultSchedule.random(400, within: .seconds(1_000), lasting: lengths, seed: 3)
    #expect(schedule == .random(400, within: .seconds(1_000), lasting: lengths, seed: 3))
    #expect(schedule != .random(400, within: .seconds(1_000), lasting: lengths, seed: 4))
    #expect(zip(schedule.faults, schedule.faults.dropFirst()).allSatisfy { $0.begin <= $1.begin })
    for fault in schedule.faults {
      #expect(fault.end - fault.begin <= (fault.kind.isLie ? .seconds(5) : .seconds(60)))
    }
    let names = schedule.faults.map { "\($0.kind)".prefix { $0 != "(" } }
    #expect(Set(names).count == 8)
  }
}
