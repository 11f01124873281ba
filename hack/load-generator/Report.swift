import BenchReport
import JSON

/// What was measured, for people or programs.
struct Report {
  let measurements: [Benchmark.Measurement]

  /// The rounds of one operation with one number of clients.
  private struct Line {
    let operation: Benchmark.Operation
    let clients: Int
    let results: [LoadResult]
    /// Operations a second, each round as a share of the plain requests of the same round.
    let ratios: [Double]

    func spread(_ value: (LoadResult) -> Double) -> ClosedRange<Double> { Self.spread(results.map(value)) }

    static func spread(_ values: [Double]) -> ClosedRange<Double> {
      (values.min() ?? 0)...(values.max() ?? 0)
    }
  }

  private var lines: [Line] {
    var lines: [Line] = []
    for measurement in measurements
    where !lines.contains(where: {
      $0.clients == measurement.clients && $0.operation == measurement.operation
    }) {
      let same = measurements.filter {
        $0.clients == measurement.clients && $0.operation == measurement.operation
      }
      let ratios = same.map { one in
        let plain = measurements.first {
          $0.operation == .plain && $0.clients == one.clients && $0.round == one.round
        }
        return one.result.perSecond / (plain?.result.perSecond ?? .nan)
      }
      lines.append(
        Line(
          operation: measurement.operation, clients: measurement.clients, results: same.map(\.result),
          ratios: ratios))
    }
    return lines
  }

  /// A table. Where there were several rounds, the lowest and the highest value of each.
  var text: String {
    var rows = [
      ["clients", "operation", "per second", "p50 ms", "p99 ms", "of plain", "server CPU", "generator CPU"]
    ]
    for line in lines {
      rows.append([
        "\(line.clients)", line.operation.rawValue, text(line.spread(\.perSecond), digits: 0),
        text(line.spread { $0.milliseconds(percentile: 0.5) }, digits: 2),
        text(line.spread { $0.milliseconds(percentile: 0.99) }, digits: 2),
        text(Line.spread(line.ratios), digits: 2), text(line.spread(\.serverLoad), digits: 2),
        text(line.spread(\.generatorLoad), digits: 2),
      ])
    }
    return Table(rows, leftColumn: 1).text
  }

  var json: JSONValue {
    .array(
      lines.map { line in
        [
          "clients": .integer(line.clients), "operation": .string(line.operation.rawValue),
          "requests_per_operation": .integer(line.operation.requests),
          "rounds": .array(
            zip(line.results, line.ratios).map { result, ratio in
              [
                "operations": .integer(result.latencies.count),
                "per_second": .number(text(result.perSecond, digits: 1)),
                "p50_ms": .number(text(result.milliseconds(percentile: 0.5), digits: 3)),
                "p99_ms": .number(text(result.milliseconds(percentile: 0.99), digits: 3)),
                "ratio_to_plain": .number(text(ratio, digits: 3)),
                "server_cores": .number(text(result.serverLoad, digits: 3)),
                "generator_cores": .number(text(result.generatorLoad, digits: 3)),
              ]
            }),
        ]
      })
  }

  private func text(_ range: ClosedRange<Double>, digits: Int) -> String {
    let (low, high) = (text(range.lowerBound, digits: digits), text(range.upperBound, digits: digits))
    return low == high ? low : "\(low)–\(high)"
  }

  private func text(_ value: Double, digits: Int) -> String {
    value.isFinite ? Decimals.text(value, digits: digits) : "0"
  }
}
