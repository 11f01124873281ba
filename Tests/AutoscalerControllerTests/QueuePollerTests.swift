import Autoscaling
import Colonies
import ColoniesClient
import Locking
import TestSupport
import Testing
import Timekeeping

@testable import AutoscalerController

@Suite("Asking queues", .timeLimit(.minutes(10)))
struct QueuePollerTests {
  private let clock = TestClock()

  /// A queue whose answers take a time that a test sets.
  private final class SlowQueue: QueueReader {
    struct Denied: Error, CustomStringConvertible {
      let description = "denied"
    }

    private let clock: TestClock
    private let answer = Locked<(delay: Duration, times: [Duration]?)>((.zero, []))

    init(_ clock: TestClock) { self.clock = clock }

    func answer(after delay: Duration, times: [Duration]? = []) {
      answer.withLock { $0 = (delay, times) }
    }

    func counts(orderedTypes types: Set<String>) async throws -> QueueCounts {
      clock.advance(by: answer.withLock { $0.delay })
      return QueueCounts(waiting: 4, running: 1, finished: 7)
    }

    func processes(_ state: ProcessState, executorType: String) async throws -> ProcessListing {
      ProcessListing(count: 2, executors: [], isComplete: true)
    }

    func serviceTimes(executorType: String) async throws -> [Duration] {
      let answer = answer.withLock { $0 }
      clock.advance(by: answer.delay)
      guard let times = answer.times else { throw Denied() }
      return times
    }
  }

  private func poller(
    _ reader: any QueueReader, types: [String] = ["a"],
    offer: @escaping @Sendable (QueueObservation) -> Void = { _ in }
  ) throws -> QueuePoller {
    QueuePoller(
      // A deadline that no rest can be mistaken for.
      address: try ScalerConfiguration.sample(deadline: .seconds(7)).queue, reader: reader,
      interval: .seconds(2),
      longestPause: .seconds(10),
      subscribers: types.map { QueuePoller.Subscriber(executorType: $0, offer: offer) },
      time: Timekeeper(clock))
  }

  @Test(
    "a slow server is left alone four times as long as its answer took, within a limit",
    arguments: [
      (delay: Duration.zero, rest: Duration.seconds(2)),
      (delay: .milliseconds(300), rest: .milliseconds(1_700)),
      (delay: .seconds(1), rest: .seconds(4)),
      (delay: .seconds(4), rest: .seconds(10)),
    ])
  func slowServer(delay: Duration, rest: Duration) async throws {
    let queue = SlowQueue(clock)
    queue.answer(after: delay)
    let poller = try poller(queue)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await poller.run() }
      // Fails by the suite's time limit.
      _ = try? await clock.sleep(in: rest...rest)
      group.cancelAll()
    }
    #expect(clock.slept.contains(rest))
  }

  @Test("the colony's count of finished processes is known to be shared where several types are")
  func sharedCounts() async throws {
    for (types, isShared) in [(["a"], false), (["a", "b"], true)] {
      let seen = Locked<[QueueObservation]>([])
      await
        (try poller(SlowQueue(clock), types: types) { observation in
          seen.withLock { $0.append(observation) }
        }).poll()
      #expect(seen.withLock { $0.count } == types.count)
      for case .reading(let reading) in seen.withLock({ $0 }) {
        #expect(reading.isFinishedShared == isShared)
        #expect(reading.finished == 7)
      }
    }
  }

  @Test("service times are read seldom, and the seldomer the longer that takes")
  func serviceTimes() async throws {
    let queue = SlowQueue(clock)
    let seen = Locked<[ServiceTimesObservation]>([])
    let poller = ServiceTimesPoller(
      address: try ScalerConfiguration.sample().queue, reader: queue,
      subscribers: [
        ServiceTimesPoller.Subscriber(executorType: "a") { observation in
          seen.withLock { $0.append(observation) }
        }
      ], time: Timekeeper(clock))
    await withTaskGroup(of: Void.self) { group in
      queue.answer(after: .zero, times: [.seconds(1), .seconds(4)])
      group.addTask { await poller.run() }
      for (delay, rest) in [
        (Duration.seconds(3), Duration.seconds(30)), (.milliseconds(100), .seconds(147)),
        (.zero, .milliseconds(29_900)),
      ] {
        _ = try? await clock.sleep(in: rest...rest)
        queue.answer(after: delay, times: delay == .seconds(3) ? nil : [])
        clock.advance(by: rest)
      }
      _ = try? await clock.sleep(in: .seconds(30) ... .seconds(30))
      group.cancelAll()
    }
    let known = seen.withLock { $0 }
    let begin = ScalingInstant.origin
    #expect(
      known == [
        .known(ServiceTimes(count: 2, mean: .milliseconds(2_500), observedAt: begin)),
        .failed("denied"),
        .known(
          ServiceTimes(count: 0, mean: .zero, observedAt: begin.advanced(by: .seconds(30 + 3 + 147)))),
        .known(
          ServiceTimes(
            count: 0, mean: .zero, observedAt: begin.advanced(by: .seconds(30 + 3 + 147 + 30)))),
      ])
  }
}
