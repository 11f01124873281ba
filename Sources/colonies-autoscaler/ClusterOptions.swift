internal import ArgumentParser
internal import AutoscalerController
internal import Glibc
internal import HTTPTransport
internal import KubernetesClient
internal import Logging

/// Which cluster a command works with.
struct ClusterOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The kubeconfig. Default: the files in KUBECONFIG; else, in a pod, its service account; else ~/.kube/config.",
      valueName: "file"))
  var kubeconfig: String?

  @Option(help: ArgumentHelp("The kubeconfig's context. Default: its current one.", valueName: "name"))
  var context: String?

  /// Whether a person named a cluster.
  var isNamed: Bool { kubeconfig != nil || context != nil }

  /// Finds the cluster, or says on standard error why there is none.
  func found() throws -> ClusterConfiguration {
    do throws(KubernetesError) {
      return try ClusterConfiguration.load(
        kubeconfig: kubeconfig, context: context, environment: Self.environment)
    } catch {
      throw complaint("\(error)\n")
    }
  }

  /// A client of the cluster, whose requests are counted.
  func client(
    _ cluster: ClusterConfiguration, access: KubernetesClient.Access, metrics: ControllerMetrics = .none
  ) -> KubernetesClient {
    KubernetesClient(
      cluster, access: access,
      // A thousand targets that all change at once are changed within seconds. With a quarter of this, hundreds of
      // the changes would wait for longer than a change may take. An API server takes 200 at the same time.
      configuration: KubernetesClient.Configuration(
        requestsPerSecond: 200, burst: 400, userAgent: "colonies-autoscaler/\(ColoniesAutoscaler.version)"),
      makeClient: { (configuration) throws(HTTPTransportError) in
        MeteredHTTPClient(try HTTPTransport(configuration), metrics: metrics)
      })
  }

  static var environment: [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      variables[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
      entry += 1
    }
    return variables
  }
}
