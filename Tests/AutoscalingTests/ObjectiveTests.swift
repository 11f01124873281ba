import Glibc
import TestSupport
import Testing

@testable import Autoscaling

@Suite("Objectives")
struct ObjectiveTests {
  /// A scaler whose replicas are all ready, whose processes take `service`, and which has seen `perSecond` arrive for
  /// longer than arrivals are counted.
  private func scaler(
    _ objectives: ScalingObjectives, service: Duration = .seconds(10), perSecond: Int = 0,
    processesPerReplica: Int = 100, max: Int = 1_000
  ) throws -> Scaler {
    var scaler = Scaler(
      try ScalingPolicy(processesPerReplica: processesPerReplica, max: max, objectives: objectives))
    scaler.serviceTimes = .known(ServiceTimes(count: 50, mean: service, observedAt: scaler.now))
    for second in 0...320 where second.isMultiple(of: 2) {
      scaler.now = ScalingInstant(offset: .seconds(second))
      try scaler.read(waiting: 0, finished: perSecond * second)
      scaler.ready = scaler.replicas
    }
    return scaler
  }

  private func basis(_ decision: Decision) throws -> ObjectiveBasis {
    guard case .demand(let demand) = decision.explanation.basis else {
      throw ExpectationFailure("the queue must be known")
    }
    return try #require(demand.objectives)
  }

  struct ExpectationFailure: Error {
    let message: String
    init(_ message: String) { self.message = message }
  }

  /// What draining within a minute takes: processes of 10 s, starts of 10 s.
  private func drain(_ demand: Int, arrivals: Double = 0, ready: Int?, concurrency: Int = 1) -> ObjectiveNeed
  {
    ObjectiveNeed(
      .drainWithin, within: .seconds(60), demand: demand, service: 10, arrivals: arrivals, startUp: 10,
      ready: ready, concurrency: concurrency)
  }

  @Test(
    "a backlog takes the replicas that begin it all before the last one must have begun",
    arguments: [
      // 60 s less 10 s of service leave 50 s to begin; the start-up leaves 40 s of them: 4 each.
      (demand: 40, ready: 0, expected: 10),
      (demand: 41, ready: 0, expected: 11),
      // A ready replica begins 5: 8 of them are enough.
      (demand: 40, ready: 8, expected: 8),
      // 3 ready ones begin 15, the other 25 take 7 of 4 each.
      (demand: 40, ready: 3, expected: 10),
      (demand: 0, ready: 3, expected: 0),
    ])
  func backlog(demand: Int, ready: Int, expected: Int) {
    #expect(drain(demand, ready: ready).replicas == expected)
  }

  @Test("a replica that works on several processes at once is as good as several")
  func concurrency() {
    #expect(drain(41, ready: 0, concurrency: 3).replicas == 4)
    #expect(drain(0, arrivals: 2, ready: 100, concurrency: 3).steadyReplicas == 7)
    let start = ObjectiveNeed(
      .startWithin, within: .seconds(5), demand: 0, service: 10, arrivals: 1, startUp: 10, ready: 9,
      concurrency: 3)
    #expect(start.staffing?.servers == 14)
    #expect(start.steadyReplicas == 5)
  }

  @Test("where it is not known who is ready, starts take no time")
  func starting() {
    #expect(drain(40, ready: nil).replicas == 8)
    #expect(drain(40, ready: nil).problem == nil)
  }

  @Test("arrivals take the offered load beside the backlog")
  func arrivals() throws {
    // 40 × 10 s ÷ 50 s + 2/s × 10 s = 28.
    #expect(drain(40, arrivals: 2, ready: 100).replicas == 28)
    #expect(drain(40, arrivals: 2, ready: 100).steadyReplicas == 20)
    // 2/s × 50 s + 40 = 140 processes, 4 each.
    #expect(drain(40, arrivals: 2, ready: 0).replicas == 35)
    var scaler = try scaler(ScalingObjectives(drainWithin: .seconds(60)), perSecond: 2)
    #expect(try basis(scaler.read(waiting: 0, finished: 640)).arrivals?.perSecond == 2)
  }

  @Test(
    "square-root staffing keeps late starts within one in twenty, by the exact formula of Erlang",
    arguments: [0.01, 0.4, 1.0, 3.0, 10.0, 47.3, 100.0], [0.0, 0.01, 0.1, 1.0, 10.0])
  func staffing(load: Double, wait: Double) {
    let staffing = QueueStaffing(load: load, wait: wait)
    #expect(staffing.late <= 0.05)
    // Erlang C by its recursion, and its exponential tail.
    func late(_ replicas: Int) -> Double {
      guard Double(replicas) > load else { return 1 }
      var blocked = 1.0
      for count in 1...replicas { blocked = load * blocked / (Double(count) + load * blocked) }
      let waits = blocked / (1 - load / Double(replicas) * (1 - blocked))
      return waits * exp(-(Double(replicas) - load) * wait)
    }
    var exact = 1
    while late(exact) > 0.05 { exact += 1 }
    // The rule is for many replicas; it is known to be off by hardly more than one with few.
    #expect(abs(staffing.servers - exact) <= 1, "\(staffing) \(exact)")
  }

  @Test("starts within a time take the larger of the backlog's part and the staffing of arrivals")
  func startWithin() throws {
    var scaler = try scaler(ScalingObjectives(startWithin: .seconds(5)), perSecond: 1)
    scaler.replicas = 20
    scaler.ready = 20
    scaler.wait(10)
    let quiet = try basis(scaler.read(waiting: 0, running: 10, finished: 320))
    // Offered load 1/s × 10 s = 10: 10 + 1.27 √10 = 14; the 10 that run and 5 more that come within 5 s are 15.
    #expect(quiet.needs.first?.steadyReplicas == 14)
    #expect(quiet.replicas == 15)
    let busy = try basis(scaler.read(waiting: 30, running: 10, finished: 320))
    #expect(busy.replicas > 40)
  }

  @Test("the larger of what demand needs and the objectives wins")
  func larger() throws {
    var scaler = try scaler(ScalingObjectives(drainWithin: .seconds(60)), processesPerReplica: 1)
    #expect(try scaler.read(waiting: 40, finished: 0).replicas == 40)
  }

  @Test("an objective that cannot be reached says why, and gets what helps")
  func outOfReach() throws {
    var slow = try scaler(ScalingObjectives(drainWithin: .seconds(5)))
    let first = try slow.read(waiting: 12, finished: 0)
    #expect(first.replicas == 12, "one for each is all that helps")
    #expect(first.explanation.limits.map(\.code) == ["objectiveOutOfReach"])
    #expect(
      first.explanation.summary
        == "scale up from 0 to 12: 12 waiting + 0 running need 12 replicas to finish within 5 s; "
        + "drainWithin 5 s is out of reach: one process takes longer")

    var late = try scaler(ScalingObjectives(drainWithin: .seconds(15)))
    #expect(
      try late.read(waiting: 12, finished: 0).explanation.summary.hasSuffix(
        "drainWithin 15 s is out of reach: a replica starts too late for what the ready ones do not get done")
    )
    late.replicas = 12
    late.ready = 12
    #expect(try late.read(waiting: 12, finished: 0).explanation.limits == [])

    var few = try scaler(ScalingObjectives(drainWithin: .seconds(60)), max: 3)
    few.serviceTimes = .known(ServiceTimes(count: 50, mean: .seconds(8), observedAt: few.now))
    #expect(
      try few.read(waiting: 40, finished: 0).explanation.summary.hasSuffix(
        "drainWithin 1 m is not reached: it takes 9 replicas, and max allows 3; max allows 3 replicas"))
  }

  @Test("what is not measured yet is said, demand alone counts, and nothing is taken away")
  func missing() throws {
    let policy = try ScalingPolicy(
      max: 50, objectives: ScalingObjectives(drainWithin: .seconds(60)), idleFor: .zero)
    var scaler = Scaler(policy, replicas: 20)
    let pending = try scaler.read(waiting: 5, finished: 0)
    #expect(pending.explanation.reason == .measurementPending)
    #expect(
      pending.explanation.summary
        == "hold at 20: 5 waiting + 0 running need 5 replicas; service times are not read yet; arrivals are "
        + "not counted for long enough yet, known in 5 m; until that is known nothing is taken away")
    #expect(pending.explanation.outlook.contains(.measured))
    scaler.serviceTimes = .failed("denied")
    try scaler.keepReading(waiting: 5, for: 400)
    #expect(scaler.replicas == 20)
    // A measurement that there is none is one.
    scaler.serviceTimes = .known(ServiceTimes(count: 0, mean: .zero, observedAt: scaler.now))
    scaler.wait(2)
    #expect(try scaler.read(waiting: 5).explanation.limits.contains(.measurementMissing(.nothingFinished)))
    #expect(scaler.replicas == 5, "nothing finished, and arrivals are not counted: neither will come soon")
  }

  @Test("service times that were known once are used while they cannot be read")
  func lastKnown() throws {
    var scaler = try scaler(ScalingObjectives(drainWithin: .seconds(60)))
    for observation in [
      ServiceTimesObservation.failed("timed out"), .pending,
      .known(ServiceTimes(count: 0, mean: .zero, observedAt: scaler.now)),
    ] {
      scaler.serviceTimes = observation
      scaler.wait(2)
      let basis = try basis(scaler.read(waiting: 40, finished: 0))
      #expect(basis.serviceTimes?.mean == .seconds(10))
      #expect(basis.missing == [])
    }
  }

  @Test("a queue that shares its colony has no arrival rate, which holds nothing up")
  func sharedColony() throws {
    let policy = try ScalingPolicy(
      max: 50, objectives: ScalingObjectives(drainWithin: .seconds(60)), idleFor: .zero)
    var scaler = Scaler(policy, replicas: 20)
    scaler.serviceTimes = .known(ServiceTimes(count: 9, mean: .seconds(1), observedAt: scaler.now))
    let reading = try QueueReading(
      waiting: 2, running: 0, finished: 900, isFinishedShared: true, observedAt: scaler.now,
      source: Scaler.source)
    let decision = scaler.decide(.reading(reading))
    #expect(try basis(decision).missing == [.arrivalsNotCounted])
    #expect(decision.replicas == 2)
  }

  @Test("every number of an objective is in the explanation, with where its formula is from")
  func explained() throws {
    var scaler = try scaler(ScalingObjectives(startWithin: .seconds(5)), perSecond: 1)
    scaler.wait(13)
    scaler.replicas = 12
    scaler.ready = 11
    #expect(
      try scaler.read(waiting: 3, running: 10, finished: 320).explanation.description == """
        scale up from 12 to 18 (ScaledUp)
        inputs
          queue: 3 waiting + 10 running, 320 finished, observed 0 s ago from statistics of colony dev
          replicas wanted now: 12
          service: 10 s, the average of 50 finished processes, read 5 m 33 s ago
          arrivals: 1 a second over 5 m 3 s
          start-up: 2 s, the 90th percentile of 1 start
          replicas ready: 11
        formulas
          demand = waiting + running = 3 + 10 = 13
          base = ceil(demand / processesPerReplica) = ceil(13 / 100) = 1
          startWithin backlog = ready + ceil((demand + arrivals * time - ready * per ready) / per starting) = \
        11 + ceil((18 - 11 * 1) / 1) = 18 (time = 5 s, a ready replica begins max(1, time / service) = 1 in it, \
        a starting one max(1, (time - start-up) / service) = 1; fluid model of a queue, Newell)
          startWithin steady = load + beta * sqrt(load) = 10 + 1.265 * sqrt(10) = 14 (load = arrivals * \
        service = 10, Little's law; 1.846 % begin later, square-root staffing, Halfin and Whitt)
          startWithin = max(backlog, steady) = max(18, 14) = 18
          needed = max(base, startWithin) = max(1, 18) = 18
          bounded = min(max(needed, min), max) = min(max(18, 0), 1000) = 18
          replicas = max(current, bounded) = max(12, 18) = 18
        what would change it
          19 replicas at 4 waiting processes (demand 14)
          17 replicas when demand stays at 12 or less for 1 m
        """)
  }

  @Test("constant demand is followed by one growth, and one shrinking once the late replicas have caught up")
  func noFlapping() throws {
    for seed in 0..<100 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      var generator = RandomScaling(seed: seed)
      let policy = try ScalingPolicy(
        processesPerReplica: random.next(in: 1...50), max: random.next(in: 5...60),
        objectives: generator.objectives(), idleFor: .seconds(random.next(in: 0...40)))
      var scaler = Scaler(policy)
      scaler.serviceTimes = .known(
        ServiceTimes(count: 3, mean: .milliseconds(random.next(in: 1...20_000)), observedAt: scaler.now))
      let waiting = random.next(in: 0...80)
      let startUp = random.next(in: 0...30)
      var grown: [(at: Int, replicas: Int)] = []
      var directions: [Decision.Direction] = []
      for second in 0..<400 {
        scaler.now = ScalingInstant(offset: .seconds(second))
        scaler.ready = min(scaler.replicas, grown.last { $0.at + startUp <= second }?.replicas ?? 0)
        let direction = try scaler.read(waiting: waiting, finished: 0).direction
        if direction != .hold { directions.append(direction) }
        grown.append((second, scaler.replicas))
      }
      // Learning how long a start takes may add once more.
      #expect(directions.filter { $0 == .down }.count <= 1, "seed \(seed): \(directions)")
      #expect(directions.prefix { $0 == .up }.count >= directions.count - 1, "seed \(seed): \(directions)")
    }
  }
}
