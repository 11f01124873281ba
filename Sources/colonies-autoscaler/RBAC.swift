public import ArgumentParser
public import AutoscalerController
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

        EXAMPLES
          colonies-autoscaler rbac --config autoscaler.yaml --namespace jobs | kubectl apply -f -
          colonies-autoscaler rbac --config autoscaler.yaml --for dry-run --output json
        """)

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
      help: ArgumentHelp(
        "The ConfigMap that the autoscaler follows, if --config is a file.", valueName: "name"))
    var configMap: String?

    @Option(
      help: ArgumentHelp(
        "The lease. Default: colonies-autoscaler in the autoscaler's namespace.", valueName: "namespace/name")
    )
    var lease: LeaseName?

    @Option(name: .customLong("for"), help: "What the autoscaler is to do.")
    var purpose = RequiredPermissions.Purpose.run

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
      do throws(KubernetesError) {
        permissions = try await RequiredPermissions(
          configuration, own: own, purpose: purpose, defaultNamespace: home
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
      await cluster?.shutdown()
      let subject = RequiredPermissions.Subject(namespace: home, name: serviceAccount)
      switch output {
      case .yaml: print(permissions.manifest(named: serviceAccount, for: subject), terminator: "")
      case .json: print(permissions.jsonText(named: serviceAccount, for: subject))
      }
    }
  }
}

extension RequiredPermissions.Purpose: ExpressibleByArgument {}
