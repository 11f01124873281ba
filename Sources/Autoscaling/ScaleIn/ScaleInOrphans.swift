/// Finds workers whose pods are gone, so that what they held goes back to the queue and they no longer count.
public struct ScaleInOrphans: Sendable, Hashable {
  /// What is remembered about a worker without a pod.
  private struct Silence: Sendable, Hashable {
    /// Since when it has been without a pod, and was not heard of.
    let since: ScalingInstant
    /// When it was last heard of, by the server's clock.
    let lastHeard: Duration?
  }

  /// By the workers' identities at the queue. Relearned by whoever leads next.
  private var silences: [String: Silence] = [:]

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
    silences = orphans.reduce(into: [:]) { silences, worker in
      var since = now
      let mayWork = !observation.busyAreHeard && worker.isBusy != false
      // A sign of life is told by another time, whatever this machine's clock says of it.
      if !mayWork, let known = self.silences[worker.executorID], known.lastHeard == worker.lastHeard {
        since = known.since
      }
      silences[worker.executorID] = Silence(since: since, lastHeard: worker.lastHeard)
    }
    return orphans.filter { (silences[$0.executorID]?.since ?? now).advanced(by: grace) <= now }
      .sorted { ($0.name, $0.executorID) < ($1.name, $1.executorID) }
      .map { ScaleInWorkerReference(name: $0.name, executorID: $0.executorID) }
  }
}
