/// Finds workers whose pods are gone, so that what they held goes back to the queue and they no longer count.
public struct ScaleInOrphans: Sendable, Hashable {
  /// Since when a worker has been without a pod, by its identity at the queue. Relearned by whoever leads next.
  private var since: [String: ScalingInstant] = [:]

  /// Remembers nothing.
  public init() {}

  /// Says which workers to unregister now: those named like pods of the target whose pod has not been there, and
  /// who have not been heard of, for the whole grace time. Where something is unknown nobody is.
  ///
  /// A worker that is not heard of while it works may be alive for as long as it holds work, in a pod that was deleted
  /// by force.
  /// - Parameters:
  ///   - grace: How long a worker may be without a pod. Longer than the time between two of its signs of life.
  public mutating func expired(
    in observation: ScaleInObservation, after grace: Duration, now: ScalingInstant
  ) -> [ScaleInWorkerReference] {
    guard let pods = observation.pods, let workers = observation.workers else { return [] }
    let names = Set(pods.map(\.name))
    let orphans = workers.filter {
      !names.contains($0.name) && !observation.strangers.contains($0.name)
    }
    since = Dictionary(
      orphans.map { worker in
        if !observation.busyAreHeard, worker.isBusy != false { return (worker.executorID, now) }
        let first = since[worker.executorID] ?? now
        return (worker.executorID, worker.lastHeard.map { max($0, first) } ?? first)
      }, uniquingKeysWith: max)
    return orphans.filter { (since[$0.executorID] ?? now).advanced(by: grace) <= now }
      .sorted { ($0.name, $0.executorID) < ($1.name, $1.executorID) }
      .map { ScaleInWorkerReference(name: $0.name, executorID: $0.executorID) }
  }
}
