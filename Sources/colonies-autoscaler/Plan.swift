public import ArgumentParser
public import AutoscalerController
internal import Glibc
internal import KubernetesClient

extension ColoniesAutoscaler {
  struct Plan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show what would be done now, and why. Changes nothing.",
      discussion: """
        Reads the configuration, every queue and every target once, and decides as an
        autoscaler does that was started just now: so it takes replicas away only
        after a whole idleFor, and says what it waits for. Its connection to the API
        server refuses every request that writes.

        Permissions that this kubeconfig's user lacks are listed, each with the rule
        that grants it: those for looking, or, with --for run, those for scaling.

        EXIT STATUS
          0 nothing to do   1 something could not be read or checked, or is not
          allowed   2 there are changes   64 bad arguments

        EXAMPLES
          colonies-autoscaler plan --config autoscaler.yaml
          colonies-autoscaler plan --config configmap/jobs/autoscaler \\
            --context production --output json
        """)

    enum Output: String, ExpressibleByArgument, CaseIterable {
      case text, json, yaml
    }

    @OptionGroup var source: SourceOption
    @OptionGroup var clusterOptions: ClusterOptions

    @Flag(help: "Print each decision in full: inputs, formulas, limits, and what would change it.")
    var explain = false

    @Option(name: .customLong("for"), help: "Whose permissions are checked.")
    var purpose = RequiredPermissions.Purpose.dryRun

    @OptionGroup var recording: RecordingOptions

    @Option(help: "How the plan is printed.")
    var output = Output.text

    func run() async throws {
      signal(SIGPIPE, SIG_IGN)
      let recorder = try recording.recorder(.complaining)
      let (configuration, cluster) = try await source.load(clusterOptions)
      var permissions: RequiredPermissions?
      if let cluster {
        permissions = try await source.permissions(configuration, cluster, purpose: purpose, lease: nil)
      }
      let clients = ColoniesClients()
      let plan = await ScalingPlan.make(
        configuration, cluster: cluster.map { ClusterAccess(client: $0) }, permissions: permissions,
        recorder: recorder
      ) { try clients.client(of: $0) }
      await cluster?.shutdown()
      switch output {
      case .text: print(explain ? plan.explanations : plan.table)
      case .json: print(plan.jsonText)
      case .yaml: print(plan.yamlText, terminator: "")
      }
      if plan.hasFailures { throw ExitCode(1) }
      if plan.hasChanges { throw ExitCode(2) }
    }
  }
}

extension RequiredPermissions.Purpose: ExpressibleByArgument {}
