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
        `colonies-autoscaler explain`. The autoscaler itself needs none of that, and it is
        the same for every configuration.

        EXAMPLES
          colonies-autoscaler rbac --config autoscaler.yaml --namespace jobs | kubectl apply -f -
          colonies-autoscaler rbac --config autoscaler.yaml --for dry-run --output json
          colonies-autoscaler rbac --for explain --namespace jobs --user jane
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

    @Option(
      help: ArgumentHelp(
        "The configuration: a file, which may be a ConfigMap's manifest, or configmap/NAMESPACE/NAME in the cluster. "
          + "Not needed with --for explain.", valueName: "source"))
    var config: String?

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

    func validate() throws {
      if config == nil, purpose != .explain {
        throw ValidationError("Missing expected argument '--config <source>'")
      }
    }

    func run() async throws {
      guard let purpose = purpose.ofTheAutoscaler, let config else {
        let home = try namespace ?? (clusterOptions.isNamed ? clusterOptions.found().namespace : "default")
        // Applied, it must not take the place of the autoscaler's own.
        return write(
          .toExplain(in: home, lease: leaseReference(in: home)), named: "colonies-autoscaler-explain",
          in: home)
      }
      var source = SourceOption()
      source.config = config
      let mustAsk = source.namesConfigMap || clusterOptions.isNamed
      let (configuration, cluster) = try await source.load(clusterOptions, needsCluster: mustAsk)
      let home = namespace ?? cluster?.cluster.namespace ?? "default"
      var own = RequiredPermissions.Own(lease: leaseReference(in: home))
      own.configMap =
        configMap.map { ConfigMapReference(namespace: home, name: $0) }
        ?? source.configMap(defaultNamespace: home)
      let permissions = try await required(configuration, cluster, own: own, purpose: purpose, in: home)
      await cluster?.shutdown()
      write(permissions, named: serviceAccount, in: home)
    }

    private func leaseReference(in home: String) -> LeaseReference {
      LeaseReference(namespace: lease?.namespace ?? home, name: lease?.name ?? LeaseName.usual)
    }

    private func write(_ permissions: RequiredPermissions, named name: String, in home: String) {
      let subject: RequiredPermissions.Subject =
        user.map { .user($0) } ?? .serviceAccount(namespace: home, name: serviceAccount)
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
