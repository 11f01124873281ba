/// How one policy's points and lines look, so that they can be told apart without colours, too. There are as many
/// looks as markers; after that they begin again.
struct Marker {
  private let index: Int

  /// How many looks there are.
  static let count = 8

  init(_ index: Int) { self.index = index % Self.count }

  /// The class that gives it its colour.
  var colour: String { "c\(index)" }

  /// The dashes of its lines; `none` for a line without gaps.
  var dashes: String { ["none", "7 3", "2 3", "10 3 2 3", "none", "5 2 1 2 1 2", "1 2", "12 4"][index] }

  /// Its shape around a point.
  func shape(at point: Point, size: Double = 6) -> Markup {
    let (x, y, r) = (point.x, point.y, size)
    func polygon(_ points: [(Double, Double)]) -> Markup {
      .tag(
        "path",
        ["class": "mark \(colour)", "d": points.map { Point(x: x + $0.0 * r, y: y + $0.1 * r) }.path + "Z"])
    }
    return switch index {
    case 0:
      .tag(
        "circle", ["class": "mark \(colour)", "cx": coordinate(x), "cy": coordinate(y), "r": coordinate(r)])
    case 1: polygon([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])
    case 2: polygon([(0, -1.25), (1.1, 0.9), (-1.1, 0.9)])
    case 3: polygon([(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)])
    case 4: polygon([(0, 1.25), (1.1, -0.9), (-1.1, -0.9)])
    case 5:
      polygon([
        (-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4), (0.4, 1.2), (-0.4, 1.2),
        (-0.4, 0.4), (-1.2, 0.4), (-1.2, -0.4), (-0.4, -0.4),
      ])
    case 6: polygon([(-1.25, 0), (0.9, -1.1), (0.9, 1.1)])
    default: polygon([(1.25, 0), (-0.9, -1.1), (-0.9, 1.1)])
    }
  }
}
