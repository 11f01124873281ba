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

  /// It asks and decides every poll interval.
  public var loops: [AutoscalerLoop] { [AutoscalerLoop(period: policy.pollInterval)] }

  /// Decides with the policy.
  public mutating func decide(loop: Int, _ view: AutoscalerView) -> ReplicaChange {
    let input = ScalingInput(
      observation: view.observation, currentReplicas: view.wantedReplicas, wallTime: view.wallTime)
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

  /// Forgets what was observed.
  public mutating func restart() { state = ScalerState() }
}
