/// The service times of the newest processes that were done, as a list of them tells.
struct DoneList {
  private var times: [SimulatedTime] = []
  private var next = 0
  private var sum: SimulatedTime = 0

  var count: Int { times.count }

  /// Zero when there are none.
  var mean: SimulatedTime { times.isEmpty ? 0 : sum / SimulatedTime(times.count) }

  mutating func add(_ time: SimulatedTime) {
    // A hundred times fit, unless each is longer than a year.
    let time = min(time, SimulatedTime.max / SimulatedTime(2 * AutoscalerView.longestList))
    sum += time
    if times.count < AutoscalerView.longestList {
      times.append(time)
    } else {
      sum -= times[next]
      times[next] = time
      next = (next + 1) % AutoscalerView.longestList
    }
  }
}
