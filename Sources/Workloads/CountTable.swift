internal import Simulation

/// How many things happened in each interval: a table with the columns `timestamp`, the interval's beginning, and
/// `value`, as the Numenta Anomaly Benchmark has them.
///
/// When they happened within the interval is not known; they arrive as a Poisson process whose mean number in the
/// interval is the count × ``Counts/processesPerCount``.
struct CountTable: ProcessStream {
  private static let time = 0
  private static let value = 1

  private let table: CSVTable
  private var clock: TableClock
  private let counts: Counts
  private let serviceTime: ServiceTime
  private let executorType: String
  private var random: SeededRandom
  private var now = Duration.zero
  private var intervalEnd = Duration.zero
  private var perSecond = 0.0

  init(
    _ file: String, _ counts: Counts, _ serviceTime: ServiceTime, _ source: WorkloadSource,
    using random: SeededRandom
  ) throws(WorkloadError) {
    table = try CSVTable(file, required: ["timestamp", "value"])
    clock = TableClock(origin: source.from)
    self.counts = counts
    self.serviceTime = serviceTime
    executorType = source.executorType
    self.random = random
  }

  mutating func next() throws(WorkloadError) -> SimulatedProcess? {
    while true {
      // What is left of an interval after an arrival is as if it had just begun: the process has no memory.
      if perSecond > 0 { now += .seconds(random.exponential() / perSecond) }
      if perSecond > 0, now < intervalEnd {
        return SimulatedProcess(
          submittedAt: now, serviceTime: serviceTime.next(using: &random), executorType: executorType)
      }
      guard try beginInterval() else { return nil }
    }
  }

  /// Goes to the next row; false when there is none.
  private mutating func beginInterval() throws(WorkloadError) -> Bool {
    while let row = try table.row() {
      guard let moment = try clock.moment(row, Self.time) else { continue }
      guard moment >= intervalEnd else {
        throw row.error(Self.time, "\(row[Self.time]) is within the interval of the row above")
      }
      guard let count = MomentSyntax.decimal(row[Self.value]), count <= 1_000_000_000 else {
        throw row.error(Self.value, expected: "a number from 0 to 1000000000")
      }
      now = moment
      intervalEnd = moment + counts.interval
      perSecond = count * counts.processesPerCount / counts.interval.inSeconds
      return true
    }
    return false
  }
}

/// What a table's counts mean.
public struct Counts: Sendable, Hashable {
  /// The time that one row is about.
  public var interval: Duration
  /// How many processes stand for one thing that was counted.
  public var processesPerCount: Double

  /// Describes counts.
  public init(interval: Duration, processesPerCount: Double) {
    self.interval = interval
    self.processesPerCount = processesPerCount
  }
}
