import TestSupport

@testable import KubernetesClient

/// Candidates, a store with one lease, and everything that can go wrong between them, in simulated time.
struct ElectionWorld {
  /// A request on its way.
  private struct Request {
    let candidate: Int
    let step: Candidacy.Step
    /// When the candidate sent it, by its own clock.
    let sent: Duration
    /// When it arrives, and when the answer does, by the world's; nil when that is lost.
    let arrives: Duration?
    var returns: Duration?
    var answer: Answer?
  }

  private enum Answer {
    case read(Lease?)
    case wrote(Lease)
    case refused
  }

  private struct Candidate {
    var candidacy: Candidacy
    /// How fast the clock runs, and what it showed at the beginning.
    let speed: Double
    let offset: Duration
    /// When it next acts; candidates stand still at times, as processes do.
    var wakes: Duration
    var isWaiting = false
    /// How much of what there is to tell a watch has told.
    var told = 0

    func clock(_ now: Duration) -> Duration { now * speed + offset }
  }

  private(set) var now = Duration.zero
  /// How often somebody new led.
  private(set) var terms = 0
  private let timing: ElectionTiming
  private var candidates: [Candidate]
  private var requests: [Request] = []
  private var lease: Lease? { didSet { told.append(lease) } }
  /// What a watch tells, in order.
  private var told: [Lease?] = []
  private var version = 0
  private var takenAway = Duration.zero
  private var lastLeader: Int?

  init(timing: ElectionTiming, candidates count: Int, using random: inout SplitMix64) {
    self.timing = timing
    candidates = []
    for index in 0..<count {
      candidates.append(
        Candidate(
          candidacy: Candidacy(identity: "c\(index)", name: "l", namespace: "ns", timing: timing),
          // Far worse than any clock is, and within what the times allow.
          speed: .random(in: 0.85...1.15, using: &random),
          offset: .seconds(Double.random(in: 0...1_000_000, using: &random)), wakes: .zero))
    }
  }

  var leaders: [Int] {
    candidates.indices.filter { candidates[$0].candidacy.leads(at: candidates[$0].clock(now)) }
  }

  /// Lets a fraction of a second pass.
  mutating func advance(using random: inout SplitMix64) {
    now += .milliseconds(Int.random(in: 1...500, using: &random))
    for index in requests.indices { deliver(index, using: &random) }
    for index in requests.indices.reversed() { finish(index) }
    for index in candidates.indices { tell(index, using: &random) }
    for index in candidates.indices where candidates[index].wakes <= now && !candidates[index].isWaiting {
      act(index, using: &random)
    }
    // Somebody takes the lease away, but not before all have seen it.
    if lease != nil, now > takenAway + .seconds(90), Int.random(in: 0..<400, using: &random) == 0 {
      lease = nil
      takenAway = now
    }
    if let leader = leaders.first, leader != lastLeader {
      lastLeader = leader
      terms += 1
    }
  }

  /// Watches come late, at times by a lot.
  private mutating func tell(_ index: Int, using random: inout SplitMix64) {
    guard Int.random(in: 0..<4, using: &random) > 0, candidates[index].told < told.count else { return }
    let clock = candidates[index].clock(now)
    candidates[index].candidacy.noticed(told[candidates[index].told], at: clock)
    candidates[index].told += 1
  }

  private mutating func act(_ index: Int, using random: inout SplitMix64) {
    let clock = candidates[index].clock(now)
    let period = timing.retryPeriod * Double.random(in: 1...1.2, using: &random)
    if Int.random(in: 0..<150, using: &random) == 0 {
      // Leaves in good order, and comes back.
      if candidates[index].candidacy.resign(), let held = lease, held.holderIdentity == "c\(index)" {
        store(held.released(at: date))
      }
    }
    let step = candidates[index].candidacy.step(at: clock, date: date)
    if step == .wait {
      candidates[index].wakes = now + period
      return
    }
    let isSlow = Int.random(in: 0..<10, using: &random) == 0
    let delay = { (random: inout SplitMix64) -> Duration in
      .milliseconds(Int.random(in: 0...(isSlow ? 20_000 : 300), using: &random))
    }
    let isLost = Int.random(in: 0..<12, using: &random) == 0
    let arrives = now + delay(&random)
    requests.append(
      Request(
        candidate: index, step: step, sent: clock, arrives: isLost ? nil : arrives,
        returns: Int.random(in: 0..<12, using: &random) == 0 ? nil : arrives + delay(&random)))
    candidates[index].isWaiting = true
    // The deadline, after which the candidate goes on without an answer; or a long stop of the process.
    let stop = Int.random(in: 0..<60, using: &random) == 0 ? Duration.seconds(30) : .zero
    candidates[index].wakes = now + timing.renewDeadline / 3 + stop
  }

  /// The calendar, which everybody reads as they like.
  private var date: KubernetesTime {
    KubernetesTime(microseconds: now.components.seconds * 1_000_000 + Int64(version))
  }

  private mutating func deliver(_ index: Int, using random: inout SplitMix64) {
    guard let arrives = requests[index].arrives, arrives <= now, requests[index].answer == nil else { return }
    switch requests[index].step {
    case .read, .wait: requests[index].answer = .read(lease)
    case .create(let new): requests[index].answer = lease == nil ? .wrote(store(new)) : .refused
    case .replace(let new):
      let isCurrent = lease?.metadata.resourceVersion == new.metadata.resourceVersion && lease != nil
      requests[index].answer = isCurrent ? .wrote(store(new)) : .refused
    }
  }

  @discardableResult
  private mutating func store(_ new: Lease) -> Lease {
    version += 1
    var stored = new
    stored.metadata.resourceVersion = String(version)
    if lease == nil { stored.metadata.uid = "u\(version)" }
    lease = stored
    return stored
  }

  /// Ends a request at its candidate: by the answer, or by its deadline.
  private mutating func finish(_ index: Int) {
    let request = requests[index]
    let owner = request.candidate
    let isAnswered = request.answer != nil && request.returns.map { $0 <= now } ?? false
    let isOver = !candidates[owner].isWaiting || candidates[owner].wakes <= now
    if candidates[owner].isWaiting, isLatest(index) {
      guard isAnswered || isOver else { return }
      let clock = candidates[owner].clock(now)
      switch isAnswered ? request.answer : nil {
      case .read(let lease): candidates[owner].candidacy.found(lease, at: clock)
      case .wrote(let lease): candidates[owner].candidacy.wrote(lease, sent: request.sent, at: clock)
      case .refused, nil: candidates[owner].candidacy.isUncertain()
      }
      candidates[owner].isWaiting = false
      if case .read? = request.answer, isAnswered {
        candidates[owner].wakes = now
      } else {
        candidates[owner].wakes = now + timing.retryPeriod
      }
    }
    // What nobody waits for any more may still arrive.
    if request.answer != nil || request.arrives == nil { requests.remove(at: index) }
  }

  private func isLatest(_ index: Int) -> Bool {
    requests.lastIndex { $0.candidate == requests[index].candidate } == index
  }
}
