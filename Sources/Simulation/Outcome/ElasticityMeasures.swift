/// How well the ready workers matched the demand, by the elasticity measures of the SPEC Research Group's cloud
/// group (Herbst, Kounev and Reussner, *Elasticity in cloud computing: what it is, and what it is not*, ICAC
/// 2013; Ilyushkin et al., *An experimental performance evaluation of autoscaling policies for complex workflows*,
/// ICPE 2017).
///
/// Demand d is what waits and runs, one worker each; supply s is the workers that are ready and stay. T is the
/// time measured.
public struct ElasticityMeasures: Sendable, Hashable {
  /// The workers that were missing on average: 1/T ∫ max(d − s, 0) dt.
  public let underProvisioning: Double
  /// The workers that were too many on average: 1/T ∫ max(s − d, 0) dt.
  public let overProvisioning: Double
  /// The missing workers as a part of the demand, on average: 1/T ∫ max(d − s, 0) / d dt, with 0 where d is 0.
  /// From 0 to 1.
  public let normalizedUnderProvisioning: Double
  /// The surplus workers as a part of the supply, on average: 1/T ∫ max(s − d, 0) / s dt, with 0 where s is 0.
  /// From 0 to 1. (Of the supply, as the demand of a queue is often 0.)
  public let normalizedOverProvisioning: Double
  /// The share of time in which workers were missing: from 0 to 1.
  public let underProvisionedTime: Double
  /// The share of time in which workers were too many: from 0 to 1.
  public let overProvisionedTime: Double
}
