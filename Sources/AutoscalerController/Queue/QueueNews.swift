internal import Autoscaling

/// The newest that is known about each queue of a scaler, and what was read before and nobody has decided on.
struct QueueNews: Sendable {
  private(set) var observations: [QueueObservation]
  var serviceTimes: [ServiceTimesObservation]
  /// Whether nobody has decided on the observation of each queue.
  private var isNew: [Bool]
  /// Of the readings of each queue that were overtaken before anybody decided on them, the one that asks for the most
  /// replicas: they are kept as long after it as after any other.
  private var overtaken: [QueueReading?]

  /// Nothing is known yet.
  init(count: Int) {
    observations = Array(repeating: .pending, count: count)
    serviceTimes = Array(repeating: .pending, count: count)
    isNew = Array(repeating: false, count: count)
    overtaken = Array(repeating: nil, count: count)
  }

  /// Takes in what was observed of a queue.
  mutating func take(_ observation: QueueObservation, queue: Int) {
    if isNew[queue] { overtake(observations[queue], queue: queue) }
    observations[queue] = observation
    isNew[queue] = true
  }

  /// What is known, for a decision. What is taken in from here on is news again.
  mutating func next() -> QueueNews {
    defer { markDecided() }
    return self
  }

  /// Takes back what was handed out for a decision that was not made.
  mutating func putBack(_ news: QueueNews) {
    for queue in observations.indices {
      if let reading = news.overtaken[queue] { overtake(.reading(reading), queue: queue) }
      guard news.isNew[queue] else { continue }
      if isNew[queue] { overtake(news.observations[queue], queue: queue) }
      isNew[queue] = true
    }
  }

  /// Notes that everything was decided on.
  mutating func markDecided() {
    isNew = isNew.map { _ in false }
    overtaken = overtaken.map { _ in nil }
  }

  /// What was known before this, at its highest; nil when nothing was overtaken.
  var before: QueueNews? {
    guard overtaken.contains(where: { $0 != nil }) else { return nil }
    var before = self
    before.observations = zip(overtaken, observations).map { $0.map(QueueObservation.reading) ?? $1 }
    return before
  }

  private mutating func overtake(_ observation: QueueObservation, queue: Int) {
    guard case .reading(let reading) = observation else { return }
    if let known = overtaken[queue], known.asksForMore(than: reading) { return }
    overtaken[queue] = reading
  }

  /// The service times of all queues together, in which each process that was measured counts once; the first
  /// failure, or what is still to come, where those of one queue are missing.
  var allServiceTimes: ServiceTimesObservation {
    var all: [ServiceTimes] = []
    for observation in serviceTimes {
      guard case .known(let times) = observation else { return observation }
      all.append(times)
    }
    let count = all.reduce(0) { $0 + $1.count }
    let sum = all.reduce(Duration.zero) { $0 + $1.mean * $1.count }
    return .known(
      ServiceTimes(
        count: count, mean: count == 0 ? .zero : sum / count,
        observedAt: all.map(\.observedAt).min() ?? .origin))
  }
}

extension QueueReading {
  /// Whether it asks for more replicas than another. One that leaves processes out may ask for any number.
  fileprivate func asksForMore(than other: QueueReading) -> Bool {
    let mayBeMore = (exactness == .atLeast, other.exactness == .atLeast)
    return mayBeMore.0 == mayBeMore.1 ? demand > other.demand : mayBeMore.0
  }
}
