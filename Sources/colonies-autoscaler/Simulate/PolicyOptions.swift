internal import ArgumentParser
internal import Autoscaling
internal import AutoscalerController
internal import KubernetesClient
internal import Simulation

/// Which policies are compared.
struct PolicyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A configuration, whose scalers' rules are simulated: a file, which may be a ConfigMap's manifest, or "
        + "configmap/NAMESPACE/NAME in the cluster; more than once for several. Default: the usual rules.",
      valueName: "source"))
  var config: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only the scaler of this name; more than once for several. Default: all.", valueName: "name"))
  var scaler: [String] = []

  @Option(help: "The most replicas, where no configuration says it.")
  var max: Int?

  @Option(
    help: ArgumentHelp(
      "Which other autoscalers stand beside: all, none, or some of hpa,keda,wpa,cpa.", valueName: "names"),
    transform: OptionText.rivals)
  var compare = Rival.allCases

  @Option(help: ArgumentHelp("How many processes a replica is for, for the others.", valueName: "number"))
  var compareTarget = 1

  @Flag(help: "Let the others count waiting processes only, as they do with queues that tell no more.")
  var compareWaitingOnly = false

  /// The most replicas unless something else is said.
  static let usualMax = 100

  func validate() throws {
    if let max, !ScalingPolicy.replicasRange.contains(max) || max < 1 {
      throw ValidationError("--max must be from 1 to \(ScalingPolicy.replicasRange.upperBound).")
    }
    if max != nil, !config.isEmpty { throw ValidationError("--max is for rehearsals without --config.") }
    if !scaler.isEmpty, config.isEmpty { throw ValidationError("--scaler is for --config.") }
    if !ScalingPolicy.processesPerReplicaRange.contains(compareTarget) {
      throw ValidationError("--compare-target must be at least 1.")
    }
  }

  /// The scalers that are rehearsed, each with the configuration it is from. Says on standard error what is wrong.
  func scalers(
    _ clusterOptions: ClusterOptions
  ) async throws -> [(source: String, scaler: ScalerConfiguration)] {
    var found: [(source: String, scaler: ScalerConfiguration)] = []
    for config in config {
      var source = SourceOption()
      source.config = config
      let (configuration, cluster) = try await source.load(clusterOptions, needsCluster: false)
      await cluster?.shutdown()
      found += configuration.scalers.map { (config, $0) }
    }
    for name in scaler where !found.contains(where: { $0.scaler.name == name }) {
      let names = found.map(\.scaler.name).joined(separator: ", ")
      throw complaint("there is no scaler \(name) in \(config.joined(separator: ", ")); there are \(names)\n")
    }
    return scaler.isEmpty ? found : found.filter { scaler.contains($0.scaler.name) }
  }

  /// The policies of this autoscaler.
  func own(_ scalers: [(source: String, scaler: ScalerConfiguration)]) throws -> [RehearsedPolicy] {
    guard !scalers.isEmpty else {
      let policy = try ScalingPolicy(max: max ?? Self.usualMax)
      return [RehearsedPolicy(name: "usual rules", policy: policy, rules: policy.rules)]
    }
    var names: Set<String> = []
    return scalers.map { source, scaler in
      let isAmbiguous = scalers.count { $0.scaler.name == scaler.name } > 1
      var name = isAmbiguous ? "\(scaler.name) (\(source))" : scaler.name
      // The same source may have been named twice.
      while !names.insert(name).inserted { name += "'" }
      return RehearsedPolicy(name: name, policy: scaler.policy, rules: scaler.policy.rules)
    }
  }

  /// The models of others, with the bounds of a policy.
  func rivals(beside policy: ScalingPolicy) -> [RehearsedPolicy] {
    let settings = Rival.Settings(
      min: policy.min, max: policy.max, target: compareTarget,
      metric: compareWaitingOnly ? .waiting : .waitingAndRunning)
    return compare.map { $0.policy(settings) }
  }
}
