/// Finds places for names beside their points, where they cover neither points nor other names.
struct LabelPlacement {
  private struct Box {
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double

    func overlaps(_ other: Box) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }
  }

  /// A name's place: where its baseline is, and whether it begins, is centred, or ends there.
  typealias Label = (point: Point, anchor: String)

  private let bounds: ClosedRange<Double>
  private var taken: [Box] = []

  /// - Parameter bounds: Between which a name may stand, from left to right.
  init(within bounds: ClosedRange<Double>) { self.bounds = bounds }

  /// Keeps names away from a point.
  mutating func avoid(_ point: Point, size: Double) {
    taken.append(
      Box(left: point.x - size, right: point.x + size, top: point.y - size, bottom: point.y + size))
  }

  /// Keeps names away from a vertical line.
  mutating func avoid(from: Point, to: Point) {
    taken.append(Box(left: from.x - 2, right: from.x + 2, top: min(from.y, to.y), bottom: max(from.y, to.y)))
  }

  /// Chooses a place: right of the point if it is free, else nearby; where nothing is free, right of the point.
  mutating func place(_ name: String, at point: Point) -> Label {
    // About the width of a character at this size; names are short.
    let width = Double(name.count) * 7.2
    var best: (label: Label, box: Box)?
    for distance in stride(from: 0.0, through: 80, by: 16) {
      for (dx, dy, anchor) in [
        (13.0, 4 - distance, "start"), (13, 4 + distance, "start"), (-13, 4 - distance, "end"),
        (-13, 4 + distance, "end"), (0, -14 - distance, "middle"), (0, 22 + distance, "middle"),
      ] {
        let x = point.x + dx
        let y = point.y + dy
        let left = anchor == "start" ? x : anchor == "end" ? x - width : x - width / 2
        let box = Box(left: left, right: left + width, top: y - 11, bottom: y + 4)
        let candidate: (label: Label, box: Box) = ((Point(x: x, y: y), anchor), box)
        if best == nil { best = candidate }
        guard left >= bounds.lowerBound, left + width <= bounds.upperBound, box.top > 8 else { continue }
        guard taken.allSatisfy({ !$0.overlaps(box) }) else { continue }
        taken.append(box)
        return candidate.label
      }
    }
    return best?.label ?? (point, "start")
  }
}
