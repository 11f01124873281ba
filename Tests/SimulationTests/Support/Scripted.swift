import Autoscaling
import Simulation

/// Sets certain numbers of replicas at certain times.
struct Scripted: AutoscalerModel {
  let name = "script"
  let initialReplicas: Int
  let steps: [(at: Int, change: ReplicaChange)]

  /// - Parameter steps: Whole seconds, ascending, and what to do then.
  init(from initialReplicas: Int = 0, _ steps: [(at: Int, change: ReplicaChange)] = []) {
    self.initialReplicas = initialReplicas
    self.steps = steps
  }

  var loops: [AutoscalerLoop] { [AutoscalerLoop(period: .seconds(1), asksQueue: false)] }

  mutating func decide(loop: Int, _ view: AutoscalerView) -> ReplicaChange {
    steps.first { .seconds($0.at) == view.now.offset }?.change ?? .none
  }

  mutating func restart() {}
}

extension Simulation {
  /// Nothing takes time but starting, and nothing is random: what can be worked out by hand.
  static func exact(startUp: Int = 10) -> Simulation {
    var simulation = Simulation()
    simulation.staggersLoops = false
    simulation.cluster.startUp = .constant(.seconds(startUp))
    simulation.cluster.podsCreatedPerSecond = nil
    simulation.cluster.apiLatency = .zero
    simulation.queue.answerTime = .zero
    return simulation
  }
}

extension [SimulatedProcess] {
  /// So many equal processes at once.
  static func burst(_ count: Int, at seconds: Int = 0, lasting service: Int, priority: Int = 0) -> Self {
    Self(
      repeating: SimulatedProcess(
        submittedAt: .seconds(seconds), serviceTime: .seconds(service), executorType: "fibonacci",
        priority: priority), count: count)
  }
}
