internal import Autoscaling

/// Something whose number of replicas can be read and set.
///
/// Every call ends within a time that the target states itself.
protocol ScalingTarget: Sendable {
  /// Does what the target needs done meanwhile, until `end()` was called and all it started has ended.
  func run() async
  /// Asks `run()` to return.
  func end() async
  /// The replicas that are wanted now, and what a change of them is to be based on.
  func observe() async throws(TargetError) -> TargetObservation
  /// Why replicas that are wanted already cannot start; nil when they can, or nobody can tell. Asked only when more
  /// are wanted and some do not work yet.
  func capacityShortage() async -> CapacityShortage?
  /// Sets the replicas that are wanted.
  /// - Parameter revision: What the decision was based on.
  /// - Throws: `TargetError` with code `conflict` when the target has changed since.
  func setReplicas(_ replicas: Int, basedOn revision: TargetRevision) async throws(TargetError)
  /// Brings the replicas to what is wanted, at once or in steps of its own. Called with each decision, also with
  /// one to change nothing, which ends what is under way.
  /// - Parameters:
  ///   - seen: What the decision was based on.
  ///   - changed: Told, if that comes later, to how many the replicas have been changed.
  /// - Throws: `TargetError` with code `conflict` when the target has changed since.
  func pursue(
    _ replicas: Int, from seen: TargetObservation, changed: @escaping @Sendable (Int) async -> Void
  ) async throws(TargetError) -> ScalingProgress
  /// Tells what it would do to have fewer replicas, and does nothing.
  func rehearse(_ replicas: Int) async
}

extension ScalingTarget {
  func pursue(
    _ replicas: Int, from seen: TargetObservation, changed: @escaping @Sendable (Int) async -> Void
  ) async throws(TargetError) -> ScalingProgress {
    guard replicas != seen.replicas else { return .unchanged }
    try await setReplicas(replicas, basedOn: seen.revision)
    return .changed
  }

  func rehearse(_ replicas: Int) async {}
}

/// What a target did about a decision.
enum ScalingProgress: Sendable, Hashable {
  /// There was nothing to change.
  case unchanged
  /// The replicas are what was decided.
  case changed
  /// The replicas are still the same, and will be fewer when what is waited for has come.
  case underWay(ScaleInWait)
}

extension ScalingTarget {
  func capacityShortage() async -> CapacityShortage? { nil }
}

/// What is known about a target.
struct TargetObservation: Sendable, Hashable {
  /// The replicas that are wanted, also those that are still starting.
  var replicas: Int
  /// Those of them that work already; nil when that is not known.
  var ready: Int?
  /// The state that this was true in.
  var revision: TargetRevision
  /// Counts the changes of what is wanted of the target; nil when it does not say. Another revision of the same
  /// generation differs in nothing that matters for what its replicas are.
  var generation: Int?
  /// Why somebody wants the target left alone; nil when nobody does.
  var pause: ScalingPause?
}

/// A state of a target. Only the target that made it knows what it means.
struct TargetRevision: Sendable, Hashable {
  let value: String
}

/// Why a target was not read or changed.
struct TargetError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of failure.
  enum Code: String, Sendable, Hashable {
    /// Somebody else changed the target: look again and decide again.
    case conflict
    /// There is no such target.
    case notFound
    /// The autoscaler may not do this.
    case denied
    /// Another autoscaler of a group leads, or none does.
    case notLeading
    /// The change was understood and not accepted: it breaks a rule of the cluster.
    case refused
    /// The target cannot be reached, or does not answer in time.
    case unavailable
  }

  /// The kind of failure.
  var code: Code
  /// What was attempted, and why it failed.
  var message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  var description: String { message }
}
