/// The moments of a table's rows as a workload counts them: from zero, and never backwards.
struct TableClock {
  private var origin: Duration?
  private let isChosen: Bool
  private var latest = Duration.zero

  /// - Parameter origin: What becomes zero; nil for the first row.
  init(origin: Duration?) {
    self.origin = origin
    isChosen = origin != nil
  }

  /// The moment of a row; nil when it is before the beginning.
  /// - Throws: `WorkloadError` when it is no moment, or is before that of an earlier row.
  mutating func moment(_ row: CSVTable.Row, _ column: Int) throws(WorkloadError) -> Duration? {
    guard let written = MomentSyntax.moment(row[column]) else {
      throw row.error(column, expected: MomentSyntax.expected)
    }
    let origin = origin ?? written
    self.origin = origin
    let moment = written - origin
    if isChosen, moment < .zero { return nil }
    guard moment >= latest else {
      throw row.error(
        column,
        "\(row[column]) is before the row above; sort the rows by time, for example with sort -t, -k1,1")
    }
    latest = moment
    return moment
  }
}
