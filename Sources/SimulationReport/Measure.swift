internal import Simulation

/// A column of the tables: one number about a policy's outcome.
struct Measure: Sendable {
  /// The heading, in the text's table.
  let heading: String
  /// What it is, in a sentence.
  let meaning: String
  /// The number of an outcome as text.
  let text: @Sendable (SimulationOutcome) -> String

  /// The columns, in their order.
  static let all: [Measure] = [
    Measure(
      "wait p50",
      "Half of the processes waited no longer. Waiting is from submission to end, less the "
        + "service time: what was begun and lost counts."
    ) { FigureText.time($0.waits.quantile(0.5)) },
    Measure("p95", "95 of 100 processes waited no longer.") { FigureText.time($0.waits.quantile(0.95)) },
    Measure("p99", "99 of 100 processes waited no longer.") { FigureText.time($0.waits.quantile(0.99)) },
    Measure("max", "The longest wait.") { FigureText.time($0.waits.max) },
    Measure("cost", "Pod-seconds ÷ job-seconds: what was paid for what was done; 1 at best.") {
      FigureText.number($0.cost, digits: 2)
    },
    Measure("killed", "Busy workers that were killed: their process was lost and begun again.") {
      "\($0.busyKilled)"
    },
    Measure("changes", "Changes of the number of replicas.") { "\($0.changes)" },
    Measure("reversals", "Changes in the other direction than the one before.") { "\($0.reversals)" },
    Measure(
      "under", "Under-provisioning: workers missing, as a part of the demand (SPEC's normalized accuracy)."
    ) {
      FigureText.percent($0.elasticity.normalizedUnderProvisioning)
    },
    Measure("over", "Over-provisioning: workers too many, as a part of the supply.") {
      FigureText.percent($0.elasticity.normalizedOverProvisioning)
    },
    Measure("time under", "The share of time in which workers were missing.") {
      FigureText.percent($0.elasticity.underProvisionedTime)
    },
    Measure("time over", "The share of time in which workers were too many.") {
      FigureText.percent($0.elasticity.overProvisionedTime)
    },
    Measure("unfinished", "Processes that failed, or had not ended when the simulation did.") {
      "\($0.failed + $0.unfinished)"
    },
  ]

  private init(
    _ heading: String, _ meaning: String, _ text: @escaping @Sendable (SimulationOutcome) -> String
  ) {
    self.heading = heading
    self.meaning = meaning
    self.text = text
  }
}
