import HTTPTransport
import JSON
import Locking
import TestSupport
import Testing

@testable import KubernetesClient

@Suite(.timeLimit(.minutes(10)))
struct ElectionTests {
  private let timing = ElectionTiming()
  private let date = KubernetesTime(microseconds: 1_000_000)

  private func candidacy(_ identity: String = "me") -> Candidacy {
    Candidacy(identity: identity, name: "l", namespace: "ns", timing: timing)
  }

  private func lease(_ holder: String, renewed: Int64 = 0, transitions: Int = 3, seconds: Int = 15) -> Lease {
    Lease(
      metadata: ObjectMeta(name: "l", namespace: "ns", resourceVersion: "1"), holderIdentity: holder,
      leaseDurationSeconds: seconds, acquireTime: KubernetesTime(microseconds: 0),
      renewTime: KubernetesTime(microseconds: renewed), leaseTransitions: transitions)
  }

  // MARK: One candidate

  @Test func makesWhatIsNotThere() {
    var me = candidacy()
    #expect(me.step(at: .zero, date: date) == .read)
    me.found(nil, at: .zero)
    guard case .create(let new) = me.step(at: .zero, date: date) else { return #expect(Bool(false)) }
    #expect(new.holderIdentity == "me")
    #expect(new.leaseTransitions == 0)
    #expect(new.json["spec"]?["renewTime"]?.string == "1970-01-01T00:00:01.000000Z")
    #expect(!me.leads(at: .zero))
    me.wrote(new, sent: .zero, at: .seconds(1))
    #expect(me.leads(at: .seconds(9.9)))
    #expect(!me.leads(at: .seconds(10)))
  }

  @Test func waitsFromWhenItSawTheRenewalWhateverTheDatesSay() {
    for renewed: Int64 in [-1_000_000_000_000, 0, 1_000_000_000_000] {
      var me = candidacy()
      me.found(lease("you", renewed: renewed), at: .seconds(100))
      #expect(me.step(at: .seconds(114.9), date: date) == .wait)
      #expect(me.step(at: .seconds(114.9), date: date) == .read)
      me.found(lease("you", renewed: renewed), at: .seconds(114.9))
      #expect(me.step(at: .seconds(114.95), date: date) == .wait)
      me.found(lease("you", renewed: renewed), at: .seconds(115))
      guard case .replace(let next) = me.step(at: .seconds(115), date: date) else {
        return #expect(Bool(false))
      }
      #expect(next.holderIdentity == "me")
      #expect(next.leaseTransitions == 4)
      #expect(next.acquireTime == date)
      #expect(next.metadata.resourceVersion == "1")
    }
  }

  @Test func aRenewalBeginsTheWaitAnew() {
    var me = candidacy()
    me.found(lease("you", renewed: 1), at: .zero)
    me.found(lease("you", renewed: 2), at: .seconds(14))
    #expect(me.step(at: .seconds(28), date: date) == .wait)
  }

  @Test("what a watch tells begins the wait anew, and is not written upon")
  func watchedRenewal() {
    var me = candidacy()
    me.found(lease("you", renewed: 1), at: .zero)
    me.noticed(lease("you", renewed: 2), at: .seconds(14))
    #expect(me.wait(at: .seconds(20)) == .seconds(9))
    #expect(me.step(at: .seconds(29), date: date) == .read)
    me.found(lease("you", renewed: 2), at: .seconds(29))
    guard case .replace = me.step(at: .seconds(29), date: date) else { return #expect(Bool(false)) }
  }

  @Test("what a watch tells too late takes nothing from who leads")
  func lateNews() {
    var me = candidacy()
    me.wrote(lease("me"), sent: .zero, at: .zero)
    me.noticed(lease("you", renewed: 9), at: .seconds(1))
    me.noticed(nil, at: .seconds(1))
    #expect(me.leads(at: .seconds(9)))
    guard case .replace = me.step(at: .seconds(2), date: date) else { return #expect(Bool(false)) }
  }

  @Test func waitsAsLongAsTheHolderAsksFor() {
    var me = candidacy()
    me.found(lease("you", seconds: 60), at: .zero)
    #expect(me.step(at: .seconds(59), date: date) == .wait)
    var other = candidacy()
    other.found(lease("you", seconds: 1), at: .zero)
    #expect(other.step(at: .seconds(14), date: date) == .wait)
  }

  @Test func takesWhatWasReleasedAtOnce() {
    var me = candidacy()
    me.found(lease("").released(at: date), at: .zero)
    guard case .replace(let next) = me.step(at: .zero, date: date) else { return #expect(Bool(false)) }
    #expect(next.leaseDurationSeconds == 15)
  }

  @Test func renewsWithoutReadingAndKeepsItsTerm() {
    var me = candidacy()
    me.wrote(lease("me"), sent: .zero, at: .zero)
    guard case .replace(let next) = me.step(at: .seconds(2), date: date) else { return #expect(Bool(false)) }
    #expect(next.leaseTransitions == 3)
    #expect(next.acquireTime == KubernetesTime(microseconds: 0))
    me.isUncertain()
    #expect(me.leads(at: .seconds(9)))
    #expect(me.step(at: .seconds(2), date: date) == .read)
    me.found(lease("you"), at: .seconds(3))
    #expect(!me.leads(at: .seconds(3)))
  }

  @Test func aLeaseThatWasTakenAwayIsLeftAloneForAWhile() {
    var me = candidacy()
    me.found(lease("you"), at: .zero)
    me.found(nil, at: .seconds(14))
    #expect(me.step(at: .seconds(28), date: date) == .wait)
    me.found(nil, at: .seconds(29))
    guard case .create = me.step(at: .seconds(29), date: date) else { return #expect(Bool(false)) }
  }

  // MARK: Several candidates

  /// Candidates with clocks of their own speed, a store that may lose requests and answers, pauses of processes,
  /// and a lease that is sometimes taken away: at no moment do two lead.
  @Test(arguments: 0..<100)
  func neverTwoLeaders(seed: Int) {
    var random = SplitMix64(seed: seed)
    var world = ElectionWorld(timing: timing, candidates: .random(in: 2...5, using: &random), using: &random)
    for _ in 0..<1500 {
      world.advance(using: &random)
      let leaders = world.leaders
      #expect(leaders.count <= 1, "seed \(seed), at \(world.now): \(leaders)")
      if leaders.count > 1 { return }
    }
    #expect(world.terms > 0, "seed \(seed): nobody ever led")
  }

  // MARK: Electors with a server

  @Test func electorsTakeTurns() async throws {
    let clock = TestClock()
    let store = FakeLeaseServer()
    let first = LeaderElector(client: store.http.client(clock), lease: "l", in: "ns", host: "first")
    let one = Task { await first.run() }
    await wait(first) { $0.isLeader }
    #expect(first.leadership.isHeld)
    #expect(store.lease?.holderIdentity == first.identity)
    let second = LeaderElector(client: store.http.client(clock), lease: "l", in: "ns", host: "second")
    let two = Task { await second.run() }
    await wait(second) { $0.holder == first.identity }
    #expect(!second.leadership.isHeld)

    // In good order: at once, with no time passing.
    one.cancel()
    await one.value
    #expect(!first.leadership.isHeld)
    await wait(second) { $0.isLeader }
    #expect(store.lease?.leaseTransitions == 1)
    two.cancel()
    await two.value
    #expect(store.lease?.holderIdentity == "")
  }

  @Test("a candidate takes over when the lease's duration has passed since the last renewal")
  func takesOverInTime() async throws {
    let clock = TestClock()
    let store = FakeLeaseServer()
    let elector = LeaderElector(client: store.http.client(clock), lease: "l", in: "ns", host: "h")
    store.put(lease("you", renewed: 1))
    let running = Task { await elector.run() }
    await wait(elector) { $0.holder == "you" }
    await store.untilTold()
    // The first pause may have begun before the watch did.
    let first = try await clock.sleep()
    if first <= .seconds(2.4) { try await clock.pass() }
    try await clock.sleep(in: .seconds(12) ... .seconds(15))
    for renewal in 2...4 {
      clock.advance(by: .seconds(3))
      store.put(lease("you", renewed: Int64(renewal)))
      await store.untilTold()
    }
    // It looks when the first renewal it knew of would have ended, and then when the last one does.
    let last = clock.now.offset
    try await clock.pass()
    try await clock.pass()
    #expect(clock.now.offset - last == .seconds(15))
    await wait(elector) { $0.isLeader }
    running.cancel()
    await running.value
  }

  @Test("where the lease may not be watched, it is read every retry period")
  func watchForbidden() async throws {
    let clock = TestClock()
    let store = FakeLeaseServer()
    store.isWatchForbidden.withLock { $0 = true }
    store.put(lease("you", renewed: 1))
    let elector = LeaderElector(client: store.http.client(clock), lease: "l", in: "ns", host: "h")
    let running = Task { await elector.run() }
    await wait(elector) { $0.holder == "you" }
    let pause = try await clock.sleep(in: .seconds(2) ... .seconds(2.4))
    #expect(pause <= .seconds(2.4))
    #expect(await elector.isLed)
    store.put(lease("").released(at: date))
    clock.advance(by: pause)
    await wait(elector) { $0.isLeader }
    running.cancel()
    await running.value
  }

  @Test("a leader that cannot renew stops being one in time, and says so")
  func losesLeadership() async throws {
    let clock = TestClock()
    let store = FakeLeaseServer()
    let elector = LeaderElector(client: store.http.client(clock), lease: "l", in: "ns", host: "h")
    let running = Task { await elector.run() }
    await wait(elector) { $0.isLeader }
    let began = clock.now.offset
    #expect(elector.leadership.writeDeadline == .seconds(15))
    // From here on nobody sleeps but the elector: a watch that begins with the server broken would pause between its
    // tries, and time would pass while the elector is awake.
    await store.untilTold()
    store.isBroken.withLock { $0 = true }
    while elector.leadership.isHeld { try await clock.pass() }
    #expect(clock.now.offset - began == .seconds(10))
    #expect(elector.leadership.writeDeadline == nil)
    await wait(elector) { !$0.isLeader && $0.problem?.code == .serverFailure }
    #expect(await !elector.isLed)
    store.isBroken.withLock { $0 = false }
    await clock.pass { await wait(elector) { $0.isLeader && $0.problem == nil } }
    running.cancel()
    await running.value
    clock.advance(by: .seconds(1))
    #expect(store.lease?.leaseTransitions == 0)
  }

  @Test("a lease that ran out leads nobody, whoever held it")
  func ranOut() async throws {
    let clock = TestClock()
    let store = FakeLeaseServer()
    store.put(lease("you", renewed: 1))
    let elector = LeaderElector(client: store.http.client(clock), lease: "l", in: "ns", host: "h")
    #expect(await !elector.isLed)
    let running = Task { await elector.run() }
    await wait(elector) { $0.holder == "you" }
    #expect(await elector.isLed)
    store.isBroken.withLock { $0 = true }
    clock.advance(by: .seconds(15))
    #expect(await !elector.isLed)
    running.cancel()
    await running.value
  }

  private func wait(_ elector: LeaderElector, until condition: (LeaderElector.Standing) -> Bool) async {
    for await standing in await elector.standings() where condition(standing) { return }
  }
}
