public import Autoscaling

/// The autoscaler of this package: the decisions are made by ``ScalingPolicy/decide(_:state:now:)``, the function
/// that the controller uses.
public struct PolicyAutoscaler: AutoscalerModel {
  /// How replicas are taken away.
  public enum ScaleIn: Sendable, Hashable {
    /// Only idle workers go: they are taken off the queue, and removed after a time to settle, in which the
    /// deletion cost gets around.
    case sparingBusy(settle: Duration)
    /// The ReplicaSet chooses.
    case asTheReplicaSetChooses
  }

  /// What a report calls it.
  public let name: String
  /// The rules.
  public let policy: ScalingPolicy
  /// How replicas are taken away.
  public let scaleIn: ScaleIn

  private var state = ScalerState()
  private var serviceTimes = ServiceTimesObservation.pending

  /// Creates an autoscaler.
  ///
  /// - Parameters:
  ///   - name: What a report calls it.
  ///   - policy: The rules.
  ///   - scaleIn: How replicas are taken away; unless set only idle ones go, with 2 seconds to settle.
  public init(
    name: String, policy: ScalingPolicy, scaleIn: ScaleIn = .sparingBusy(settle: .seconds(2))
  ) {
    self.name = name
    self.policy = policy
    self.scaleIn = scaleIn
  }

  /// It asks and decides every poll interval. With an objective it also asks for service times, every 30 seconds.
  /// A queue whose answers take long is asked less often, as the controller does.
  public var loops: [AutoscalerLoop] {
    var counts = AutoscalerLoop(period: policy.pollInterval)
    counts.patience = 4
    counts.longestPause = policy.stalenessLimit / 3
    guard !policy.objectives.isEmpty else { return [counts] }
    var times = AutoscalerLoop(period: .seconds(30))
    times.patience = 49
    return [counts, times]
  }

  /// Decides with the policy.
  public mutating func decide(loop: Int, _ view: AutoscalerView) -> ReplicaChange {
    guard loop == 0 else {
      serviceTimes = serviceTimes(view)
      return .none
    }
    let input = ScalingInput(
      observation: view.observation, currentReplicas: view.wantedReplicas, readyReplicas: view.readyPods,
      serviceTimes: serviceTimes, wallTime: view.wallTime)
    let decision = policy.decide(input, state: &state, now: view.now)
    switch (decision.direction, scaleIn) {
    case (.down, .sparingBusy(let settle)):
      return .replicasSparingBusy(decision.replicas, settle: settle)
    case (.hold, .sparingBusy(let settle)):
      // Calls off a scale-in that is under way, if more is wanted again.
      return .replicasSparingBusy(decision.replicas, settle: settle)
    case (.hold, .asTheReplicaSetChooses): return .none
    case (.up, _), (.down, .asTheReplicaSetChooses): return .replicas(decision.replicas)
    }
  }

  private func serviceTimes(_ view: AutoscalerView) -> ServiceTimesObservation {
    switch view.observation {
    case .pending: .pending
    case .failure(let failure): .failed(failure.message)
    case .reading(let reading):
      .known(
        ServiceTimes(count: view.listed, mean: view.meanServiceTime, observedAt: reading.observedAt))
    }
  }

  /// Forgets what was observed.
  public mutating func restart() {
    state = ScalerState()
    serviceTimes = .pending
  }
}
