internal import Autoscaling
internal import Simulation

/// A policy that takes part in a rehearsal.
struct RehearsedPolicy: Sendable {
  /// What reports call it; no other policy of a rehearsal has the name.
  var name: String
  /// What it is, in a line.
  var description: String
  /// What is simulated.
  var model: any AutoscalerModel
  /// The rules, if it is one of this autoscaler.
  var policy: ScalingPolicy?

  init(name: String, description: String, model: any AutoscalerModel, policy: ScalingPolicy?) {
    self.name = name
    self.description = description
    self.model = model
    self.policy = policy
  }

  /// A policy of this autoscaler.
  init(name: String, policy: ScalingPolicy, rules: String) {
    self.init(
      name: name, description: rules, model: PolicyAutoscaler(name: name, policy: policy), policy: policy)
  }
}
