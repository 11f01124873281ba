import Autoscaling
import Testing

@testable import AutoscalerController

@Suite("What is known about queues")
struct QueueNewsTests {
  private func reading(_ demand: Int, at seconds: Int, _ exactness: QueueReading.Exactness = .exact) throws
    -> QueueObservation
  {
    .reading(
      try QueueReading(
        waiting: demand, running: 0, observedAt: .origin.advanced(by: .seconds(seconds)),
        source: QueueSource(name: "server", colony: "dev"),
        exactness: exactness))
  }

  @Test("a decision gets the newest, and the highest of what was overtaken, once")
  func overtaken() throws {
    var news = QueueNews(count: 2)
    for (second, demand) in [3, 7, 5, 1].enumerated() {
      news.take(try reading(demand, at: second), queue: 0)
    }
    news.take(try reading(2, at: 1), queue: 1)
    let next = news.next()
    #expect(next.observations == [try reading(1, at: 3), try reading(2, at: 1)])
    #expect(next.before?.observations == [try reading(7, at: 1), try reading(2, at: 1)])
    #expect(news.next().before == nil)
    news.take(try reading(4, at: 4), queue: 0)
    #expect(news.next().before == nil, "the one before was decided on")
  }

  @Test("what was not decided on is not lost", arguments: [true, false])
  func putBack(isNewer: Bool) throws {
    var news = QueueNews(count: 1)
    news.take(try reading(9, at: 0), queue: 0)
    news.take(try reading(6, at: 1), queue: 0)
    let failed = news.next()
    if isNewer { news.take(try reading(0, at: 2), queue: 0) }
    news.putBack(failed)
    if !isNewer { news.take(try reading(0, at: 2), queue: 0) }
    let next = news.next()
    #expect(next.observations == [try reading(0, at: 2)])
    #expect(next.before?.observations == [try reading(9, at: 0)])
  }

  @Test("a reading that leaves processes out counts as higher than any that does not")
  func incomplete() throws {
    var news = QueueNews(count: 1)
    news.take(try reading(9, at: 0), queue: 0)
    news.take(try reading(1, at: 1, .atLeast), queue: 0)
    news.take(try reading(8, at: 2), queue: 0)
    news.take(try reading(0, at: 3), queue: 0)
    #expect(news.next().before?.observations == [try reading(1, at: 1, .atLeast)])
  }

  @Test("failures are overtaken without a trace")
  func failures() throws {
    var news = QueueNews(count: 1)
    news.take(.failure(QueueFailure(failedAt: .origin, message: "away")), queue: 0)
    news.take(try reading(1, at: 1), queue: 0)
    #expect(news.next().before == nil)
  }
}
