/// The quantities of a simulation that hold for a time.
struct Levels {
  var waiting = 0
  var running = 0
  var wanted = 0
  var ready = 0
  var leaving = 0
  var pods = 0
  var busy = 0
}

/// Adds up levels over time.
struct LevelMeter {
  private(set) var series: SeriesRecorder
  /// All in nanoseconds, or in so many times nanoseconds.
  private var length = 0.0
  private var pods = 0.0
  private var missing = 0.0
  private var surplus = 0.0
  private var missingShare = 0.0
  private var surplusShare = 0.0
  private var missingTime = 0.0
  private var surplusTime = 0.0
  private(set) var highestPods = 0

  init(bins: Int) {
    series = SeriesRecorder(count: bins)
  }

  /// Adds levels that held from one moment to another.
  mutating func add(_ levels: Levels, from begin: SimulatedTime, to end: SimulatedTime) {
    let time = Double(end - begin)
    length += time
    pods += Double(levels.pods) * time
    highestPods = max(highestPods, levels.pods)
    let demand = levels.waiting + levels.running
    let supply = levels.ready + levels.leaving
    if demand > supply {
      missing += Double(demand - supply) * time
      missingShare += Double(demand - supply) / Double(demand) * time
      missingTime += time
    } else if supply > demand {
      surplus += Double(supply - demand) * time
      surplusShare += Double(supply - demand) / Double(supply) * time
      surplusTime += time
    }
    series.add(levels, from: begin, to: end)
  }

  var podSeconds: Double { pods / 1e9 }

  var elasticity: ElasticityMeasures {
    let whole = length > 0 ? length : 1
    return ElasticityMeasures(
      underProvisioning: missing / whole, overProvisioning: surplus / whole,
      normalizedUnderProvisioning: missingShare / whole, normalizedOverProvisioning: surplusShare / whole,
      underProvisionedTime: missingTime / whole, overProvisionedTime: surplusTime / whole)
  }
}
