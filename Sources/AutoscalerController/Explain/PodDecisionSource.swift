internal import HTTPTransport
public import JSON
public import KubernetesClient

/// A controller in a pod, asked through the API server's proxy.
public struct PodDecisionSource: DecisionSource {
  private let client: KubernetesClient
  private let namespace: String
  private let pod: String
  private let port: String

  /// - Parameter port: The number or the name of the port that the status server listens on.
  public init(_ client: KubernetesClient, namespace: String, pod: String, port: String) {
    self.client = client
    self.namespace = namespace
    self.pod = pod
    self.port = port
  }

  public var name: String { "pod \(namespace)/\(pod)" }

  public func answer(to query: DecisionQuery) async throws(ExplainError) -> JSONValue? {
    do throws(KubernetesError) {
      let path = try APIResource.pods.path(
        namespace: namespace, name: "\(pod):\(port)", subresource: "proxy")
      return try await client.send(
        APIRequest(
          .get, path + "/decisions", to: "get pods/proxy \(pod) in \(namespace)", query: query.parameters,
          // A pod that does not answer is no reason to ask it again and again: a person waits.
          repetition: .never))
    } catch {
      // A 404 that is not in the API's words is the controller's own.
      if error.code == .notFound, error.status == nil { return nil }
      throw explained(error)
    }
  }

  private func explained(_ error: KubernetesError) -> ExplainError {
    switch error.code {
    case .notFound:
      ExplainError(
        .notFound,
        "\(error); the leader is no pod of \(namespace), or it is gone: name another namespace with "
          + "--namespace, or ask a controller outside the cluster with --url")
    case .forbidden: .denied(error)
    case .serverFailure, .deadlineExceeded:
      ExplainError(
        .unreachable,
        "\(error); the autoscaler must run with --listen :\(port) (--port names another one), and "
          + "NetworkPolicies must let the API server in")
    case .invalidReply:
      ExplainError(
        .notAController, "what answers in \(name) at port \(port) is no colonies-autoscaler: \(error)")
    default: ExplainError(.failed, "\(error)")
    }
  }
}

extension ExplainError {
  /// What the API server forbids, and how it can be allowed.
  static func denied(_ error: KubernetesError) -> ExplainError {
    ExplainError(
      .denied,
      "\(error); `colonies-autoscaler rbac --for explain --user NAME` prints the Role that allows it")
  }
}
