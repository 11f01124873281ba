internal import Glibc

/// How numbers become places along an axis.
struct Scale {
  /// A mark on an axis.
  struct Tick {
    let value: Double
    let label: String
  }

  let domain: ClosedRange<Double>
  /// The places of the domain's ends.
  let start: Double
  let end: Double
  let isLogarithmic: Bool
  let ticks: [Tick]

  /// The place of a number; numbers outside the domain are at its end.
  func place(_ value: Double) -> Double {
    let value = min(max(value, domain.lowerBound), domain.upperBound)
    let share =
      isLogarithmic
      ? log(value / domain.lowerBound) / log(domain.upperBound / domain.lowerBound)
      : (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    return start + share * (end - start)
  }

  /// From 0 to a round number that is at least `highest`.
  static func linear(to highest: Double, from start: Double, to end: Double, ticks count: Int) -> Scale {
    let step = roundStep(atLeast: max(highest, 1e-9) / Double(count))
    let steps = max((highest / step - 1e-9).rounded(.up), 1)
    let digits = max(0, Int((-log10(step)).rounded(.up)))
    let ticks = (0...Int(steps)).map {
      Tick(value: Double($0) * step, label: FigureText.number(Double($0) * step, digits: digits))
    }
    return Scale(domain: 0...steps * step, start: start, end: end, isLogarithmic: false, ticks: ticks)
  }

  /// Time since the beginning, up to exactly `length` seconds.
  static func elapsed(_ length: Double, from start: Double, to end: Double) -> Scale {
    let length = max(length, 1)
    let step = timeSteps.first { length / $0 <= 12 } ?? (length / 10 / 86_400).rounded(.up) * 86_400
    let ticks = (0...Int(length / step)).map {
      Tick(value: Double($0) * step, label: timeLabel(Double($0) * step))
    }
    return Scale(domain: 0...length, start: start, end: end, isLogarithmic: false, ticks: ticks)
  }

  /// Lengths of time in seconds, logarithmic, with marks where people would put them.
  /// - Parameter spacing: The least distance between two marks.
  static func waits(_ range: ClosedRange<Double>, from start: Double, to end: Double, spacing: Double)
    -> Scale
  {
    let scale = Scale(domain: range, start: start, end: end, isLogarithmic: true, ticks: [])
    var ticks: [Tick] = []
    var last = -Double.infinity
    for value in timeMarks where range.contains(value) {
      let place = abs(scale.place(value) - start)
      guard place - last >= spacing else { continue }
      last = place
      ticks.append(Tick(value: value, label: timeLabel(value)))
    }
    return Scale(domain: range, start: start, end: end, isLogarithmic: true, ticks: ticks)
  }

  /// Shares from `lowest`, a power of ten, to 1, logarithmic.
  static func shares(from lowest: Double, at start: Double, to end: Double) -> Scale {
    let decades = Int((-log10(lowest)).rounded())
    let ticks = (0...decades).map { decade in
      let value = pow(10, -Double(decade))
      return Tick(value: value, label: "\(FigureText.number(value * 100, digits: max(0, decade - 2))) %")
    }
    return Scale(domain: lowest...1, start: start, end: end, isLogarithmic: true, ticks: ticks)
  }

  private static let timeSteps: [Double] = [
    1, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 172_800, 432_000, 864_000,
  ]
  private static let timeMarks: [Double] =
    [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 259_200]
    + [604_800, 2_592_000]

  private static func timeLabel(_ seconds: Double) -> String {
    seconds == 0 ? "0" : seconds < 60 ? "\(Int(seconds)) s" : FigureText.time(.seconds(seconds))
  }

  /// 1, 2 or 5 times a power of ten.
  private static func roundStep(atLeast step: Double) -> Double {
    let power = pow(10, floor(log10(step)))
    return (([1, 2, 5].first { $0 * power >= step * 0.999_999 }) ?? 10) * power
  }
}
