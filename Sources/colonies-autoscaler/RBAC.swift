internal import ArgumentParser
internal import AutoscalerController
internal import KubernetesClient

extension ColoniesAutoscaler {
  struct RBAC: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rbac",
      abstract: "Print the Roles that a configuration needs, and no more.",
      discussion: """
        Prints a Role and a RoleBinding for each namespace, to be reviewed and applied
        with kubectl. Nothing is asked of a cluster, unless the configuration is there
        or has a target of a kind that not every cluster knows.

        --for explain is about people: what it takes to ask a running autoscaler with
        `colonies-autoscaler explain`. The autoscaler itself needs none of that.

        EXAMPLES
          colonies-autoscaler rbac --config autoscaler.yaml --namespace jobs | kubectl apply -f -
          colonies-autoscaler rbac --config autoscaler.yaml --for dry-run --output json
          colonies-autoscaler rbac --config autoscaler.yaml --for explain --user jane
        """)

    enum Purpose: String, ExpressibleByArgument, CaseIterable {
      case run
      case dryRun = "dry-run"
      case serverDryRun = "server-dry-run"
      case explain
    }

    enum Output: String, ExpressibleByArgument, CaseIterable {
      case yaml, json
    }

    @OptionGroup var source: SourceOption
    @OptionGroup var clusterOptions: ClusterOptions

    @Option(
      help: ArgumentHelp(
        "The autoscaler's namespace, also that of targets that name none. Default: the context's.",
        valueName: "name"))
    var namespace: String?

    @Option(help: ArgumentHelp("The autoscaler's service account.", valueName: "name"))
    var serviceAccount = "colonies-autoscaler"

    @Option(
      help: ArgumentHelp("The person who gets the Roles, in place of a service account.", valueName: "name"))
    var user: String?

    @Option(
      help: ArgumentHelp(
        "The ConfigMap that the autoscaler follows, if --config is a file.", valueName: "name"))
    var configMap: String?

    @Option(
      help: ArgumentHelp(
        "The lease. Default: colonies-autoscaler in the autoscaler's namespace.", valueName: "namespace/name")
    )
    var lease: LeaseName?

    @Option(name: .customLong("for"), help: "What is to be done.")
    var purpose = Purpose.run

    @Option(help: "How the documents are printed.")
    var output = Output.yaml

    func run() async throws {
      let mustAsk = source.namesConfigMap || clusterOptions.isNamed
      let (configuration, cluster) = try await source.load(clusterOptions, needsCluster: mustAsk)
      let home = namespace ?? cluster?.cluster.namespace ?? "default"
      let leaseReference = LeaseReference(
        namespace: lease?.namespace ?? home, name: lease?.name ?? LeaseName.usual)
      var own = RequiredPermissions.Own(lease: leaseReference)
      own.configMap =
        configMap.map { ConfigMapReference(namespace: home, name: $0) }
        ?? source.configMap(defaultNamespace: home)
      let permissions: RequiredPermissions
      switch purpose.ofTheAutoscaler {
      case nil: permissions = .toExplain(in: home, lease: leaseReference)
      case let purpose?:
        permissions = try await required(configuration, cluster, own: own, purpose: purpose, in: home)
      }
      await cluster?.shutdown()
      let subject: RequiredPermissions.Subject =
        user.map { .user($0) } ?? .serviceAccount(namespace: home, name: serviceAccount)
      // Applied, it must not take the place of the autoscaler's own.
      let name = purpose == .explain ? "colonies-autoscaler-explain" : serviceAccount
      switch output {
      case .yaml: print(permissions.manifest(named: name, for: subject), terminator: "")
      case .json: print(permissions.jsonText(named: name, for: subject))
      }
    }

    private func required(
      _ configuration: AutoscalerConfiguration, _ cluster: KubernetesClient?, own: RequiredPermissions.Own,
      purpose: RequiredPermissions.Purpose, in namespace: String
    ) async throws -> RequiredPermissions {
      do throws(KubernetesError) {
        return try await RequiredPermissions(
          configuration, own: own, purpose: purpose, defaultNamespace: namespace
        ) { (apiVersion, kind) throws(KubernetesError) in
          guard let cluster else {
            throw KubernetesError(
              .invalidConfiguration,
              "a target is a \(kind) of \(apiVersion), which only a cluster can tell the resource of: name one "
                + "with --context or --kubeconfig")
          }
          return try await cluster.resource(apiVersion: apiVersion, kind: kind)
        }
      } catch {
        throw complaint("\(error)\n")
      }
    }
  }
}

extension ColoniesAutoscaler.RBAC.Purpose {
  /// What the autoscaler is to do; nil when it is about a person.
  fileprivate var ofTheAutoscaler: RequiredPermissions.Purpose? {
    switch self {
    case .run: .run
    case .dryRun: .dryRun
    case .serverDryRun: .serverDryRun
    case .explain: nil
    }
  }
}
