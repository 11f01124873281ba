/// A place in a plot, in the units of its view box.
struct Point {
  var x: Double
  var y: Double
}

extension [Point] {
  /// The points joined by lines.
  var path: String {
    guard let first else { return "" }
    return "M\(first.text)" + dropFirst().map { "L\($0.text)" }.joined()
  }

  /// The points joined by lines, without those that are too near the one before to be told apart.
  var simplified: [Point] {
    var kept: [Point] = []
    for (index, point) in enumerated() {
      if let last = kept.last, index < count - 1, abs(point.x - last.x) < 0.6, abs(point.y - last.y) < 0.6 {
        continue
      }
      kept.append(point)
    }
    return kept
  }
}

extension Point {
  fileprivate var text: String { "\(coordinate(x)) \(coordinate(y))" }
}

/// A coordinate with the precision that can be seen.
func coordinate(_ value: Double) -> String { FigureText.number(value, digits: 1) }
