internal import ArgumentParser
internal import AutoscalerController
internal import Glibc
internal import HTTPTransport
internal import JSON
internal import KubernetesClient

extension ColoniesAutoscaler {
  struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Ask the running autoscaler why a scaler has the replicas it has.",
      discussion: """
        Prints the newest decision about SCALER with its inputs, formulas and limits,
        what would change it, and the last decisions before that were worth telling.
        Without SCALER: a line for each scaler.

        The autoscaler is found in the cluster by its lease, and asked through the API
        server's proxy; it must run with --listen. One without --leader-elect is found
        with --pod or --selector, one outside the cluster is asked with --url.

        You need to get leases and to get pods/proxy in the autoscaler's namespace
        (with --selector: to list pods). The Role is printed by
          colonies-autoscaler rbac --for explain --namespace NAMESPACE --user NAME

        EXIT STATUS
          0 explained   1 it could not be asked, or has no such scaler
          64 bad arguments

        EXAMPLES
          colonies-autoscaler explain fibonacci --namespace colonies
          colonies-autoscaler explain fibonacci --url http://localhost:8080 --last 20
          colonies-autoscaler explain --pod autoscaler-0 --context production --output json
        """)

    enum Output: String, ExpressibleByArgument, CaseIterable {
      case text, json
    }

    @Argument(help: ArgumentHelp("The scaler's name in the configuration.", valueName: "scaler"))
    var scaler: String?

    @Option(
      help: ArgumentHelp(
        "Ask a status server directly, as in http://localhost:8080, and no cluster.", valueName: "url"))
    var url: String?

    @OptionGroup var clusterOptions: ClusterOptions

    @Option(
      help: ArgumentHelp("The autoscaler's namespace. Default: the context's.", valueName: "name"))
    var namespace: String?

    @Option(
      help: ArgumentHelp(
        "The lease. Default: colonies-autoscaler in the autoscaler's namespace.", valueName: "namespace/name")
    )
    var lease: LeaseName?

    @Option(help: ArgumentHelp("The one running pod with these labels, in place of the lease's holder."))
    var selector: String?

    @Option(help: ArgumentHelp("This pod, in place of the lease's holder.", valueName: "name"))
    var pod: String?

    @Option(help: ArgumentHelp("The number or name of the pod's port that --listen is about."))
    var port = "8080"

    @Option(
      help: ArgumentHelp("How many decisions before the newest one to show; 0 to 20.", valueName: "count"))
    var last = 5

    @Option(help: "How the decisions are printed.")
    var output = Output.text

    func validate() throws {
      guard (0...DecisionQuery.mostLast).contains(last) else {
        throw ValidationError("--last must be from 0 to \(DecisionQuery.mostLast).")
      }
      let places = [lease != nil, selector != nil, pod != nil]
      if places.filter({ $0 }).count > 1 {
        throw ValidationError("Only one of --lease, --selector and --pod can say where the autoscaler is.")
      }
      if url != nil, places.contains(true) || namespace != nil || clusterOptions.isNamed {
        throw ValidationError("With --url no cluster is asked: leave the cluster's options away.")
      }
    }

    func run() async throws {
      signal(SIGPIPE, SIG_IGN)
      let decisions = if let url { try await ask(url) } else { try await askCluster() }
      switch output {
      case .text: print(decisions.text(isDetailed: scaler != nil))
      case .json: print(decisions.json.text(.indented(2)))
      }
    }

    private func ask(_ url: String) async throws -> RunningDecisions {
      let transport: HTTPTransport
      do throws(HTTPTransportError) {
        transport = try HTTPTransport(HTTPTransport.Configuration(userAgent: "colonies-autoscaler"))
      } catch {
        throw complaint("\(error)\n")
      }
      let result = await result { () async throws(ExplainError) in
        try await URLDecisionSource(url, client: transport).decisions(query)
      }
      transport.shutdown()
      return try result.get()
    }

    private func askCluster() async throws -> RunningDecisions {
      let cluster = try clusterOptions.found()
      for warning in cluster.warnings { warn(warning) }
      // What a proxied request does is up to the pod, so that a read-only connection refuses it. This one reads.
      let client = clusterOptions.client(cluster, access: .readWrite)
      let result = await result { () async throws(ExplainError) in
        let namespace = namespace ?? cluster.namespace
        let source = PodDecisionSource(
          client, namespace: namespace, pod: try await podName(client, namespace), port: port)
        return try await source.decisions(query)
      }
      await client.shutdown()
      return try result.get()
    }

    private func podName(
      _ client: KubernetesClient, _ namespace: String
    ) async throws(ExplainError) -> String {
      if let pod { return pod }
      let leading = LeadingPod(client, namespace: namespace)
      if let selector { return try await leading.only(labels: selector) }
      return try await leading.holder(
        of: LeaseReference(
          namespace: lease?.namespace ?? namespace, name: lease?.name ?? LeaseName.usual))
    }

    private var query: DecisionQuery { DecisionQuery(scaler: scaler, last: last) }

    /// What came of it: the decisions, or status 1 with the reason on standard error.
    private func result(
      _ ask: () async throws(ExplainError) -> RunningDecisions
    ) async -> Result<RunningDecisions, ExitCode> {
      do throws(ExplainError) {
        return .success(try await ask())
      } catch {
        return .failure(complaint("\(error)\n"))
      }
    }
  }
}
