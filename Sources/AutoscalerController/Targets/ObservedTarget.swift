internal import Autoscaling

/// A target in a dry run: it is looked at, and nothing else can be done to it.
struct ObservedTarget: ScalingTarget {
  private let target: any ScalingTarget

  init(_ target: any ScalingTarget) { self.target = target }

  func run() async {}
  func end() async {}

  func observe() async throws(TargetError) -> TargetObservation { try await target.observe() }

  func capacityShortage() async -> CapacityShortage? { await target.capacityShortage() }

  func setReplicas(_ replicas: Int, basedOn revision: TargetRevision) async throws(TargetError) {}

  func pursue(
    _ replicas: Int, from seen: TargetObservation, changed: @escaping @Sendable (Int) async -> Void
  ) async throws(TargetError) -> ScalingProgress {
    guard replicas != seen.replicas else { return .unchanged }
    if replicas < seen.replicas { await target.rehearse(replicas) }
    return .changed
  }
}
