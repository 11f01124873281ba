internal import ArgumentParser
internal import AutoscalerController
internal import Environment
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
        kubeconfig: kubeconfig, context: context, environment: ProgramEnvironment.variables)
    } catch {
      throw complaint("\(error)\n")
    }
  }

  /// A client of the cluster, whose requests are counted.
  func client(
    _ cluster: ClusterConfiguration, access: KubernetesClient.Access, metrics: ControllerMetrics = .none
  ) -> KubernetesClient {
    KubernetesClient(
      cluster, access: access, configuration: .autoscaler(version: ColoniesAutoscaler.version),
      makeClient: { (configuration) throws(HTTPTransportError) in
        MeteredHTTPClient(try HTTPTransport(configuration), metrics: metrics)
      })
  }
}
