import BenchReport
import JSON

/// What was measured, for people or programs.
struct Report {
  let results: Bench.Results
  let plan: BenchPlan
  /// How the autoscaler was built.
  let build: String
  /// The machine's load averages before anything began.
  let loadBefore: String

  // MARK: For people

  var text: String {
    var parts = ["\(Machine.processors) cores, load before \(loadBefore); autoscaler: \(build)"]
    if let latency = results.latency { parts.append(text(latency)) }
    parts += [idleText, scalersText, burstText, aimsText].filter { !$0.isEmpty }
    return parts.joined(separator: "\n\n")
  }

  private func text(_ latency: SubmitLatency) -> String {
    let times = latency.times
    var rows = [["submit to patch, \(times.count) submissions, s", "p50", "p99", "max"]]
    let measured = [times.percentile(0.5), times.percentile(0.99), times.percentile(1)]
    rows.append(["measured"] + measured.map { number($0, 2) })
    for theory in ScalingTheory.all {
      let values = [theory.percentile(0.5), theory.percentile(0.99), theory.longest]
      rows.append(["in theory: \(theory.name)"] + values.map { number($0, 2) })
      rows.append(
        ["  measured as a share of it"]
          + zip(measured, values).map { measured, value in number(measured.map { $0 / value }, 2) })
    }
    return Table(rows).text
  }

  private var idleText: String {
    guard let idle = results.sizes.first(where: { $0.scalers == 1 })?.idle else { return "" }
    var rows = [["idle, 1 scaler with a lease, \(number(idle.seconds, 0)) s", "per minute"]]
    rows.append(["calls to the Colonies server", number(idle.queueCalls, 1)])
    rows.append(["requests to the API server", number(idle.allAPIRequests, 1)])
    rows += idle.apiRequests.sorted { $0.key < $1.key }.map { ["  \($0.key)", number($0.value, 1)] }
    return Table(rows).text
  }

  private var scalersText: String {
    var rows = [
      [
        "scalers, idle", "cores", "MiB", "in no file", "decisions p99 ≤ s", "API requests/min",
        "Colonies calls/min",
        "scalers × polls/min",
      ]
    ]
    for size in results.sizes {
      let idle = size.idle
      rows.append([
        "\(size.scalers) in \(size.colonies) colonies", number(idle.cores, 3),
        number(idle.memory / mebibyte, 1),
        number(idle.ownMemory.map { Double($0) / mebibyte }, 1),
        bound(idle.decisionBound), number(idle.allAPIRequests, 1), number(idle.queueCalls, 1),
        number(pollsWithoutSharing(size), 0),
      ])
    }
    return Table(rows).text
  }

  private var burstText: String {
    var rows = [
      [
        "work for all at once", "p50 s", "p99 s", "all s", "reading to change p99 ≤ s", "decisions p99 ≤ s",
        "not carried out", "API requests", "troubles logged", "peak MiB",
      ]
    ]
    for size in results.sizes {
      guard let burst = size.burst else { continue }
      rows.append(
        ["\(size.scalers) scalers"] + [0.5, 0.99, 1].map { number(burst.times.percentile($0), 2) } + [
          bound(burst.readingToChangeBound), bound(burst.decisionBound),
          number(burst.targetErrors.values.reduce(0, +), 0), number(burst.apiRequests, 0),
          "\(burst.troubles)", number(burst.peakMemory.map { Double($0) / mebibyte }, 1),
        ])
    }
    return rows.count > 1 ? Table(rows).text : ""
  }

  private var aimsText: String {
    Table(
      [["aim", "at most", "measured", ""]]
        + Aim.all(results).map { [$0.name, number($0.limit, 1), number($0.value, 2), $0.verdict] }
    ).text
  }

  /// How many calls a minute there would be if each scaler read the queue itself.
  private func pollsWithoutSharing(_ size: Bench.Result) -> Double {
    Double(size.scalers) * (.seconds(60) / BenchPlan.pollInterval)
  }

  private func bound(_ value: Double?) -> String { value.map { $0.isFinite ? "\($0)" : "> 30" } ?? "–" }

  private func number(_ value: Double?, _ digits: Int) -> String {
    guard let value, value.isFinite else { return "–" }
    return Decimals.text(value, digits: digits)
  }

  // MARK: For programs

  var json: JSONValue {
    [
      "cores": .integer(Machine.processors), "load_before": .string(loadBefore), "build": .string(build),
      "seed": .string("\(plan.seed)"), "quick": .bool(plan.isQuick),
      "submit_to_patch_seconds": results.latency.map { .array($0.times.map { .double($0 / .seconds(1)) }) }
        ?? .null,
      "theory": .array(
        ScalingTheory.all.map { theory in
          [
            "name": .string(theory.name), "p50": .double(theory.percentile(0.5)),
            "p99": .double(theory.percentile(0.99)), "max": .double(theory.longest),
          ]
        }),
      "sizes": .array(results.sizes.map(json)),
      "aims": .array(
        Aim.all(results).map { aim in
          [
            "name": .string(aim.name), "limit": .double(aim.limit),
            "measured": aim.value.map { .double($0) } ?? .null, "verdict": .string(aim.verdict),
          ]
        }),
    ]
  }

  private func json(_ size: Bench.Result) -> JSONValue {
    let idle = size.idle
    return [
      "scalers": .integer(size.scalers), "colonies": .integer(size.colonies),
      "idle": [
        "seconds": .double(idle.seconds), "cores": .double(idle.cores),
        "resident_bytes": .double(idle.memory),
        "resident_bytes_in_no_file": idle.ownMemory.map { .integer($0) } ?? .null,
        "decision_seconds_p99_bound": idle.decisionBound.map { .double($0) } ?? .null,
        "decisions_per_minute": .double(idle.decisions),
        "colonies_calls_per_minute": .double(idle.queueCalls),
        "polls_per_minute_without_sharing": .double(pollsWithoutSharing(size)),
        "api_requests_per_minute": object(idle.apiRequests),
      ],
      "burst": size.burst.map(json) ?? .null,
    ]
  }

  private func json(_ burst: Burst) -> JSONValue {
    [
      "p50_seconds": burst.times.percentile(0.5).map { .double($0) } ?? .null,
      "p99_seconds": burst.times.percentile(0.99).map { .double($0) } ?? .null,
      "all_seconds": burst.times.percentile(1).map { .double($0) } ?? .null,
      "reading_to_change_seconds_p99_bound": burst.readingToChangeBound.map { .double($0) } ?? .null,
      "decision_seconds_p99_bound": burst.decisionBound.map { .double($0) } ?? .null,
      "target_errors": object(burst.targetErrors), "api_requests": .double(burst.apiRequests),
      "troubles_logged": .integer(burst.troubles),
      "peak_resident_bytes": burst.peakMemory.map { .integer($0) } ?? .null,
    ]
  }

  private func object(_ numbers: [String: Double]) -> JSONValue {
    .object(
      JSONObject(numbers.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .double($0.value)) }))
  }
}
