/// Lines and columns of text: one column at its left edge, the others at their right.
package struct Table {
  private let rows: [[String]]
  private let leftColumn: Int

  /// - Parameters:
  ///   - rows: All of the same length.
  ///   - leftColumn: The column that has words.
  package init(_ rows: [[String]], leftColumn: Int = 0) {
    self.rows = rows
    self.leftColumn = leftColumn
  }

  package var text: String {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return column == leftColumn ? row[column] + padding : padding + row[column]
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
