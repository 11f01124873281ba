import Testing

@testable import Autoscaling

@Suite("What is measured for objectives")
struct MeasurementTests {
  private func instant(_ seconds: Int) -> ScalingInstant { ScalingInstant(offset: .seconds(seconds)) }

  // MARK: Arrivals

  @Test("arrivals are counted over a whole window, whatever the pauses")
  func rate() throws {
    var window = ArrivalWindow()
    let length = Duration.seconds(300)
    #expect(window.rate(length: length) == nil)
    for second in stride(from: 0, through: 298, by: 2) {
      window.record(1_000 + 3 * second, at: instant(second), length: length)
      #expect(window.rate(length: length) == nil)
      #expect(window.completeAt(length: length) == instant(300))
    }
    window.record(1_900, at: instant(300), length: length)
    #expect(try #require(window.rate(length: length)).perSecond == 3)
    // A pause of an hour without arrivals.
    window.record(1_900, at: instant(3_900), length: length)
    let rate = try #require(window.rate(length: length))
    #expect(rate.over >= length && rate.perSecond < 0.3)
  }

  @Test("arrivals that end leave nothing behind after a window")
  func rateEnds() throws {
    var window = ArrivalWindow()
    for second in 0...1_000 {
      window.record(min(second, 500), at: instant(second), length: .seconds(300))
    }
    #expect(try #require(window.rate(length: .seconds(300))).perSecond == 0)
  }

  @Test("a count that goes back, or a moment that does, begins anew")
  func rateForgets() {
    var window = ArrivalWindow()
    for (arrived, second) in [(3, 400), (900, 300)] {
      window.forget()
      window.record(5, at: instant(0), length: .seconds(300))
      window.record(800, at: instant(350), length: .seconds(300))
      #expect(window.rate(length: .seconds(300)) != nil)
      window.record(arrived, at: instant(second), length: .seconds(300))
      #expect(window.rate(length: .seconds(300)) == nil)
    }
  }

  @Test("the window is five minutes, or five polls")
  func windowLength() {
    #expect(ArrivalRate.window(pollInterval: .seconds(2)) == .seconds(300))
    #expect(ArrivalRate.window(pollInterval: .seconds(600)) == .seconds(3_000))
  }

  @Test("what is kept does not grow")
  func bounded() {
    var window = ArrivalWindow()
    for step in 0..<20_000 {
      window.record(
        step, at: ScalingInstant(offset: .milliseconds(100 * step)), length: .seconds(300))
      #expect(window.count <= 67)
    }
  }

  // MARK: Start-ups

  @Test("a start-up lasts from the change until as many are ready")
  func startUp() {
    var history = StartUpHistory()
    #expect(history.estimate == .assumed)
    history.see(1, ready: 1, now: instant(0))
    history.see(4, ready: 1, now: instant(2))
    history.see(4, ready: 3, now: instant(6))
    #expect(history.estimate == .assumed)
    history.see(4, ready: 4, now: instant(9))
    #expect(history.estimate == StartUpTime(duration: .seconds(9), measured: 1))
    // Deciding again measures nothing again.
    history.see(4, ready: 4, now: instant(9))
    #expect(history.estimate.measured == 1)
  }

  @Test("growth that is given up, never done or not seen measures nothing")
  func noStartUp() {
    var history = StartUpHistory()
    history.see(1, ready: 1, now: instant(0))
    history.see(4, ready: 1, now: instant(2))
    history.see(3, ready: 3, now: instant(4))
    #expect(history.estimate == .assumed)
    history.see(5, ready: 3, now: instant(6))
    history.see(5, ready: nil, now: instant(8))
    history.see(5, ready: 5, now: instant(10))
    #expect(history.estimate == .assumed)
    history.see(6, ready: 5, now: instant(12))
    history.see(6, ready: 5, now: instant(4_000))
    history.see(6, ready: 6, now: instant(4_002))
    #expect(history.estimate == .assumed)
  }

  @Test("one start in ten may be slower than what is reckoned with, and the last twenty count")
  func quantile() {
    var history = StartUpHistory()
    var now = 0
    func start(_ seconds: Int) {
      history.see(0, ready: 0, now: instant(now))
      history.see(1, ready: 0, now: instant(now))
      history.see(1, ready: 1, now: instant(now + seconds))
      now += seconds
    }
    start(120)
    #expect(history.estimate.duration == .seconds(120))
    for _ in 1...9 { start(5) }
    #expect(history.estimate == StartUpTime(duration: .seconds(5), measured: 10))
    for _ in 1...30 { start(8) }
    #expect(history.estimate == StartUpTime(duration: .seconds(8), measured: 20))
  }
}
