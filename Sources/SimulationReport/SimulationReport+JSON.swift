public import JSON
internal import Simulation

extension SimulationReport {
  /// Everything, for programs. Times are in seconds; what there is no number for is `null`.
  public var json: JSONValue {
    [
      "workload": .string(workload),
      "assumptions": .array(
        assumptions.map { ["name": .string($0.name), "value": .string($0.value)] }),
      "policies": .array(entries.map(\.json)),
    ]
  }
}

extension SimulationReport.Entry {
  fileprivate var json: JSONValue {
    [
      "name": .string(outcome.name), "policy": .string(policy), "isOwn": .bool(isOwn),
      "lengthSeconds": .seconds(outcome.length),
      "processes": [
        "submitted": .integer(outcome.submitted), "done": .integer(outcome.done),
        "failed": .integer(outcome.failed), "unfinished": .integer(outcome.unfinished),
        "requeued": .integer(outcome.requeued),
      ],
      "waitSeconds": [
        "mean": .seconds(outcome.waits.mean), "p50": .seconds(outcome.waits.quantile(0.5)),
        "p95": .seconds(outcome.waits.quantile(0.95)), "p99": .seconds(outcome.waits.quantile(0.99)),
        "max": .seconds(outcome.waits.max),
      ],
      "cost": outcome.cost.map { .double($0) } ?? .null, "podSeconds": .double(outcome.podSeconds),
      "jobSeconds": .double(outcome.jobSeconds), "busyKilled": .integer(outcome.busyKilled),
      "busyRemoved": .integer(outcome.busyRemoved), "changes": .integer(outcome.changes),
      "reversals": .integer(outcome.reversals), "decisions": .integer(outcome.decisions),
      "highestPods": .integer(outcome.highestPods),
      "elasticity": [
        "underProvisioning": .double(outcome.elasticity.underProvisioning),
        "overProvisioning": .double(outcome.elasticity.overProvisioning),
        "normalizedUnderProvisioning": .double(outcome.elasticity.normalizedUnderProvisioning),
        "normalizedOverProvisioning": .double(outcome.elasticity.normalizedOverProvisioning),
        "underProvisionedTime": .double(outcome.elasticity.underProvisionedTime),
        "overProvisionedTime": .double(outcome.elasticity.overProvisionedTime),
      ],
      "series": [
        "widthSeconds": .seconds(outcome.series.width),
        "waiting": .numbers(outcome.series.bins.map(\.waiting)),
        "running": .numbers(outcome.series.bins.map(\.running)),
        "wanted": .numbers(outcome.series.bins.map(\.wanted)),
        "ready": .numbers(outcome.series.bins.map(\.ready)),
        "pods": .numbers(outcome.series.bins.map(\.pods)),
        "busy": .numbers(outcome.series.bins.map(\.busy)),
      ],
      "waits": .array(
        outcome.waits.bins.map { ["upToSeconds": .seconds($0.upperBound), "count": .integer($0.count)] }),
    ]
  }
}

extension JSONValue {
  fileprivate static func seconds(_ duration: Duration?) -> JSONValue {
    duration.map { .double($0 / .seconds(1)) } ?? .null
  }

  fileprivate static func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .double($0) }) }
}
