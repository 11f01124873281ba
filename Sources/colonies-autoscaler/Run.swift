public import ArgumentParser
internal import AutoscalerController
internal import Environment
internal import Glibc
internal import HTTPTransport
internal import KubernetesClient
internal import LineLogging
internal import MemoryFootprint
public import Logging
internal import PrometheusMetrics
internal import ServiceLifecycle
internal import UnixSignals

extension ColoniesAutoscaler {
  struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Watch the queues and scale the workers, until told to stop.",
      discussion: """
        A changed configuration is in force within a second; one that cannot be used
        is refused, with its line and the reason, in the log, on /readyz and, for a
        ConfigMap, as an Event on it. The last good one stays in force.

        Several replicas in a cluster run with --leader-elect: one scales, the others
        wait for it to leave or to fail.

        --dry-run decides and explains and cannot change anything: its connection to
        the API server refuses every request that writes. --server-dry-run also sends
        the changes, for the API server to check permissions and admission and then to
        forget them.

        SIGTERM or SIGINT: replicas in a cluster stay as they are. Local workers are
        asked to finish what they hold; those that take longer than their gracePeriod
        are killed. Exits with 0. If the autoscaler itself is killed, a helper of it
        ends local workers in the same way.

        EXIT STATUS
          0 stopped as told   1 the configuration or the kubeconfig cannot be used
          64 bad arguments

        EXAMPLES
          colonies-autoscaler run --config autoscaler.yaml --dry-run
          colonies-autoscaler run --config configmap/jobs/autoscaler --leader-elect \\
            --listen :8080 --log-format json
        """)

    @OptionGroup var source: SourceOption
    @OptionGroup var clusterOptions: ClusterOptions

    @Flag(help: "Decide and explain, but change nothing.")
    var dryRun = false

    @Flag(help: "Send changes to the API server with dryRun=All: it checks them and forgets them.")
    var serverDryRun = false

    @Flag(help: "Scale only while this process holds the lease.")
    var leaderElect = false

    @Option(
      help: ArgumentHelp(
        "The lease. Default: colonies-autoscaler in the namespace of the pod or the context.",
        valueName: "namespace/name"))
    var lease: LeaseName?

    @Option(
      help: ArgumentHelp(
        "Serve /metrics, /healthz, /readyz and /decisions here; :8080 listens on every address. Default: nowhere.",
        valueName: "host:port"))
    var listen: StatusAddress?

    @OptionGroup var recording: RecordingOptions

    @Option(help: "How log lines are written to standard error.")
    var logFormat = LogFormat.text

    @Option(
      help: "The least important lines to write.")
    var logLevel = Logger.Level.info

    func validate() throws {
      if leaderElect, dryRun || serverDryRun {
        throw ValidationError("A dry run changes nothing: leave --leader-elect away.")
      }
      if lease != nil, !leaderElect { throw ValidationError("--lease is for --leader-elect.") }
    }

    func run() async throws {
      // A log that nobody reads any more must not be the program's end.
      signal(SIGPIPE, SIG_IGN)
      MemoryFootprint.shareHeaps()
      var logger = Logger(label: "colonies-autoscaler") { logFormat.handler(label: $0, subject: "scaler") }
      logger.logLevel = logLevel
      let registry = PrometheusRegistry()
      let metrics = ControllerMetrics(describedBy: registry)
      let cluster = try clusterAccess(metrics, logger)
      let recorder = try recording.recorder(logger)
      let clients = ColoniesClients()
      let controller: AutoscalerController
      do throws(ConfigurationError) {
        controller = try AutoscalerController(
          source: ConfigurationSource(
            source.config, defaultNamespace: cluster?.client.cluster.namespace),
          cluster: cluster, isDryRun: dryRun || serverDryRun, metrics: metrics, recorder: recorder,
          logger: logger
        ) { try clients.client(of: $0) }
      } catch {
        throw complaint(about: error)
      }
      var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
        .init(
          service: controller, successTerminationBehavior: .gracefullyShutdownGroup,
          failureTerminationBehavior: .cancelGroup),
        .init(service: MemoryKeeper()),
      ]
      if let listen {
        services.insert(
          .init(
            service: controller.statusServer(
              host: listen.host, port: listen.port, logger: logger
            ) { registry.text() }), at: 0)
      }
      // The service group's own lines are about itself, so they are only written when something is wrong.
      var groupLogger = logger
      groupLogger.logLevel = max(logLevel, .warning)
      let group = ServiceGroup(
        configuration: ServiceGroupConfiguration(
          services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: groupLogger))
      do {
        try await group.run()
      } catch let error as StatusServer.StartFailure {
        throw complaint("\(error)\n")
      }
      await cluster?.client.shutdown()
      await cluster?.election?.client.shutdown()
    }

    /// How the cluster is used; nil when nothing asks for one.
    private func clusterAccess(_ metrics: ControllerMetrics, _ logger: Logger) throws -> ClusterAccess? {
      guard needsCluster else { return nil }
      let cluster = try clusterOptions.found()
      for warning in cluster.warnings { logger.warning("\(warning)", metadata: ["event": "clusterWarning"]) }
      let access: KubernetesClient.Access =
        serverDryRun
        ? .readOnly(allowingServerDryRun: true)
        : dryRun ? .readOnly(allowingServerDryRun: false) : .readWrite
      var found = ClusterAccess(
        client: clusterOptions.client(cluster, access: access, metrics: metrics),
        isServerDryRun: serverDryRun)
      if leaderElect {
        found.election = LeaderElector(
          client: clusterOptions.client(cluster, access: .readWrite, metrics: metrics),
          lease: lease?.name ?? LeaseName.usual, in: lease?.namespace ?? cluster.namespace, host: Self.host)
      }
      return found
    }

    /// Whether a cluster is asked for, or configured. What is wrong with the configuration is told later.
    private var needsCluster: Bool {
      if leaderElect || clusterOptions.isNamed || source.namesConfigMap { return true }
      return (try? ConfigurationFile(path: source.config).load())?.needsCluster ?? false
    }

    /// What people recognize this process by: the pod's name, which is also the name of its host.
    private static var host: String {
      if let name = ProgramEnvironment.variables["POD_NAME"], !name.isEmpty { return name }
      var name = [CChar](repeating: 0, count: 256)
      guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
      return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}

extension LogFormat: ExpressibleByArgument {}
extension Logger.Level: @retroactive ExpressibleByArgument {}
