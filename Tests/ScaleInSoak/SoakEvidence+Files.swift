internal import Files
internal import KubernetesClient
internal import KubernetesTestSupport

extension SoakEvidence {
  /// Writes what is needed to understand a problem.
  /// - Parameter prefix: What the files' paths begin with.
  func write(to prefix: String, _ outcome: SoakOutcome, _ logs: [(name: String, text: String)]) throws {
    try File.replace("\(prefix).outcome", with: outcome.text + "\n")
    for log in logs { try File.replace("\(prefix).\(log.name).log", with: log.text) }
    let removals = victims.map { victim in
      "\(victim.moment) \(victim.pod.name) by \(combination(of: victim.pod.name).map(\.description) ?? "?") "
        + "ready \(victim.pod.pod.isReady) "
        + "cost \(victim.pod.pod.deletionCost.map(String.init) ?? "none") "
        + "version \(victim.pod.metadata.resourceVersion ?? "none")\n"
    }
    try File.replace("\(prefix).removals", with: removals.joined())
    let workers = pods.map { pod in
      "=== \(pod.name) of \(pod.node), asked to go \(pod.deletion.map { "\($0)" } ?? "never")\n\(pod.log)"
    }
    try File.replace("\(prefix).workers", with: workers.joined())
  }
}
