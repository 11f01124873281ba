internal import Simulation

/// Requests to a language model: a table with the columns `TIMESTAMP`, `ContextTokens` and `GeneratedTokens`, as
/// Azure's traces of 2023 have them.
struct TokenTable: ProcessStream {
  private static let time = 0
  private static let context = 1
  private static let generated = 2

  private let table: CSVTable
  private var clock: TableClock
  private let tokenTime: TokenTime
  private let executorType: String

  init(_ file: String, _ tokenTime: TokenTime, _ source: WorkloadSource) throws(WorkloadError) {
    table = try CSVTable(file, required: ["TIMESTAMP", "ContextTokens", "GeneratedTokens"])
    clock = TableClock(origin: source.from)
    self.tokenTime = tokenTime
    executorType = source.executorType
  }

  mutating func next() throws(WorkloadError) -> SimulatedProcess? {
    while let row = try table.row() {
      guard let moment = try clock.moment(row, Self.time) else { continue }
      let context = try Self.count(row, Self.context)
      let generated = try Self.count(row, Self.generated)
      return SimulatedProcess(
        submittedAt: moment, serviceTime: tokenTime.duration(context: context, generated: generated),
        executorType: executorType)
    }
    return nil
  }

  private static func count(_ row: CSVTable.Row, _ column: Int) throws(WorkloadError) -> Int {
    guard let count = Int(row[column]), (0...10_000_000).contains(count) else {
      throw row.error(column, expected: "a whole number from 0 to 10000000")
    }
    return count
  }
}

/// A model of how long a language model works on a request, as the table does not say: base + context tokens ×
/// time each + generated tokens × time each. Reading the context is fast and grows with its length; what is
/// generated comes one token after the other.
public struct TokenTime: Sendable, Hashable {
  /// What every request takes.
  public var base: Duration
  /// What a thousand tokens of context take.
  public var perThousandContextTokens: Duration
  /// What a thousand generated tokens take.
  public var perThousandGeneratedTokens: Duration

  /// Describes a model.
  public init(base: Duration, perThousandContextTokens: Duration, perThousandGeneratedTokens: Duration) {
    self.base = base
    self.perThousandContextTokens = perThousandContextTokens
    self.perThousandGeneratedTokens = perThousandGeneratedTokens
  }

  /// The time of one request, from one millisecond to ``ServiceTime/longest``.
  func duration(context: Int, generated: Int) -> Duration {
    let time =
      base + perThousandContextTokens * context / 1_000 + perThousandGeneratedTokens * generated / 1_000
    return min(max(time, .milliseconds(1)), ServiceTime.longest)
  }
}
