public import KubernetesClient

/// Finds the pod in which the controller runs that decides.
public struct LeadingPod: Sendable {
  private let client: KubernetesClient
  private let namespace: String

  /// - Parameter namespace: The controller's namespace.
  public init(_ client: KubernetesClient, namespace: String) {
    self.client = client
    self.namespace = namespace
  }

  /// The pod that holds a lease.
  public func holder(of lease: LeaseReference) async throws(ExplainError) -> String {
    let found: Lease
    do throws(KubernetesError) {
      found = try await client.get(Lease.self, lease.name, in: lease.namespace)
    } catch {
      throw explained(
        error,
        or: "there is no lease \(lease.namespace)/\(lease.name): name another one with --lease, or, when the "
          + "autoscaler runs without --leader-elect, its pod with --pod or --selector")
    }
    // The holder is the pod's name, an underscore, which no pod's name has, and what tells its lives apart.
    guard let pod = found.holderIdentity.split(separator: "_").first else {
      throw ExplainError(
        .notLeading,
        "nobody holds the lease \(lease.namespace)/\(lease.name): no autoscaler runs with --leader-elect, or "
          + "the next one takes over in a moment")
    }
    return String(pod)
  }

  /// The one pod with these labels that runs.
  public func only(labels: String) async throws(ExplainError) -> String {
    let pods: [Pod]
    do throws(KubernetesError) {
      pods = try await client.list(Pod.self, Selection(namespace: namespace, labels: labels)).items
    } catch {
      throw explained(error, or: "there is no namespace \(namespace)")
    }
    let running = pods.filter { $0.phase == .running && !$0.isTerminating }.map(\.metadata.name).sorted()
    guard let pod = running.first else {
      throw ExplainError(.notFound, "no pod of \(namespace) with labels \(labels) is running")
    }
    guard running.count == 1 else {
      throw ExplainError(
        .notFound,
        "\(running.count) pods of \(namespace) with labels \(labels) are running; name one with --pod: "
          + running.joined(separator: ", "))
    }
    return pod
  }

  private func explained(_ error: KubernetesError, or notFound: String) -> ExplainError {
    switch error.code {
    case .notFound: ExplainError(.notFound, notFound)
    case .forbidden: .denied(error)
    default: ExplainError(.failed, "\(error)")
    }
  }
}
