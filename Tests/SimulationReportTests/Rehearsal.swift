import Autoscaling
import Simulation
import SimulationReport

/// Small simulations, whose outcomes the tests report.
enum Rehearsal {
  /// A process every `gap` seconds, each of so many seconds.
  static func workload(_ count: Int, gap: Double = 20, service: Double = 30) -> [SimulatedProcess] {
    (0..<count).map {
      SimulatedProcess(
        submittedAt: .seconds(Double($0) * gap), serviceTime: .seconds(service), executorType: "worker")
    }
  }

  static func outcome(
    _ name: String, idleFor: Int = 60, _ workload: [SimulatedProcess] = workload(200)
  ) throws -> SimulationOutcome {
    var simulation = Simulation()
    simulation.tail = .seconds(300)
    let policy = try ScalingPolicy(max: 20, pollInterval: .seconds(10), idleFor: .seconds(idleFor))
    return try simulation.run(workload, PolicyAutoscaler(name: name, policy: policy))
  }

  static func report(
    names: [String] = ["keep 60 s", "keep 300 s"], _ workload: [SimulatedProcess] = workload(200)
  ) throws -> SimulationReport {
    SimulationReport(
      workload: "a workload", assumptions: [.init("start-up", "10 s"), .init("seed", "1")],
      entries: try names.enumerated().map { index, name in
        .init(
          policy: "policy of \(name)", isOwn: index == 0,
          outcome: try outcome(name, idleFor: 60 * (1 + 4 * index), workload))
      })
  }
}
