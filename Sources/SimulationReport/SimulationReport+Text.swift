internal import Simulation

extension SimulationReport {
  /// The table for a terminal, with what was assumed above it and what the columns mean below it.
  public var text: String {
    let width = (assumptions.map(\.name.count).max() ?? 0) + 2
    let assumed = assumptions.map {
      $0.name + String(repeating: " ", count: width - $0.name.count) + $0.value
    }
    return ([workload] + assumed + ["", table, "", Self.legend]).joined(separator: "\n")
  }

  /// The table alone: a line for each policy.
  public var table: String {
    let rows = entries.map { entry in [entry.outcome.name] + Measure.all.map { $0.text(entry.outcome) } }
    let table = [["policy"] + Measure.all.map(\.heading)] + rows
    let widths = table[0].indices.map { column in table.map { $0[column].count }.max() ?? 0 }
    return table.map { row in
      zip(row, widths).enumerated().map { column, cell in
        let blanks = String(repeating: " ", count: cell.1 - cell.0.count)
        // Names begin at the left edge, numbers end at the right one.
        return column == 0 ? cell.0 + blanks : blanks + cell.0
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  private static let legend = """
    wait: from submission to end, less the service time. cost: pod-seconds ÷ job-seconds. killed: busy workers that
    lost their process. reversals: changes against the one before. under, over: missing workers as a part of the
    demand, surplus ones as a part of the supply; time: the share of time with any (SPEC elasticity measures).
    """
}
