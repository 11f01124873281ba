/// Records levels in a fixed number of bins: when they are full, each two become one, twice as wide.
struct SeriesRecorder {
  /// Sums of level times nanoseconds.
  private struct Sums {
    var waiting = 0.0
    var running = 0.0
    var wanted = 0.0
    var ready = 0.0
    var pods = 0.0
    var busy = 0.0
    var highestDemand = 0

    mutating func add(_ levels: Levels, _ time: Double) {
      waiting += Double(levels.waiting) * time
      running += Double(levels.running) * time
      wanted += Double(levels.wanted) * time
      ready += Double(levels.ready) * time
      pods += Double(levels.pods) * time
      busy += Double(levels.busy) * time
      highestDemand = max(highestDemand, levels.waiting + levels.running)
    }

    mutating func add(_ other: Sums) {
      waiting += other.waiting
      running += other.running
      wanted += other.wanted
      ready += other.ready
      pods += other.pods
      busy += other.busy
      highestDemand = max(highestDemand, other.highestDemand)
    }

    func bin(_ time: Double) -> SimulationSeries.Bin {
      SimulationSeries.Bin(
        waiting: waiting / time, running: running / time, wanted: wanted / time, ready: ready / time,
        pods: pods / time, busy: busy / time, highestDemand: highestDemand)
    }
  }

  private let count: Int
  private var width: SimulatedTime = 100_000_000
  private var full: [Sums] = []
  private var last = Sums()
  /// When the last bin ends.
  private var end: SimulatedTime

  /// - Parameter count: The most bins; even, and at least 2.
  init(count: Int) {
    self.count = count
    end = width
    full.reserveCapacity(count)
  }

  mutating func add(_ levels: Levels, from begin: SimulatedTime, to until: SimulatedTime) {
    var begin = begin
    while until >= end {
      last.add(levels, Double(end - begin))
      begin = end
      full.append(last)
      last = Sums()
      if full.count == count { halve() }
      end = width * SimulatedTime(full.count + 1)
    }
    if until > begin { last.add(levels, Double(until - begin)) }
  }

  private mutating func halve() {
    for index in 0..<count / 2 {
      full[index] = full[2 * index]
      full[index].add(full[2 * index + 1])
    }
    full.removeLast(count / 2)
    width *= 2
  }

  /// What was recorded until now.
  func series(until now: SimulatedTime) -> SimulationSeries {
    var bins = full.map { $0.bin(Double(width)) }
    let rest = now - width * SimulatedTime(full.count)
    if rest > 0 { bins.append(last.bin(Double(rest))) }
    return SimulationSeries(width: width.duration, bins: bins)
  }
}
