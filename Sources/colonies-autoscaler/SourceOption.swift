internal import ArgumentParser
internal import AutoscalerController
internal import KubernetesClient

/// Where a command reads the configuration.
struct SourceOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The configuration: a file, which may be a ConfigMap's manifest, or configmap/NAMESPACE/NAME in the cluster.",
      valueName: "source"))
  var config: String

  /// Whether a person named a ConfigMap.
  var namesConfigMap: Bool { ConfigurationSource.namesConfigMap(config) }

  /// The ConfigMap that a person named, if one did.
  func configMap(defaultNamespace: String) -> ConfigMapReference? {
    guard
      case .configMap(let reference)? = try? ConfigurationSource(config, defaultNamespace: defaultNamespace)
    else { return nil }
    return reference
  }

  /// Reads the configuration once, or says on standard error what is wrong with it.
  /// - Parameter needsCluster: Whether a cluster must be there in any case; nil: if the configuration has
  ///   anything in one.
  /// - Returns: The configuration, and a client that can only read, if a cluster is needed.
  func load(
    _ options: ClusterOptions, needsCluster: Bool? = nil
  ) async throws -> (AutoscalerConfiguration, KubernetesClient?) {
    var client: KubernetesClient?
    if namesConfigMap || options.isNamed || needsCluster == true { client = try Self.client(options) }
    do throws(ConfigurationError) {
      let configuration = try await load(client)
      guard client == nil, needsCluster == nil, configuration.needsCluster,
        let found = try? Self.client(options)
      else { return (configuration, client) }
      // Again, as it is known now which namespace targets without one are in.
      return (try await load(found), found)
    } catch {
      throw complaint(about: error)
    }
  }

  private func load(
    _ client: KubernetesClient?
  ) async throws(ConfigurationError) -> AutoscalerConfiguration {
    try await ConfigurationSource(config, defaultNamespace: client?.cluster.namespace).load(client)
  }

  private static func client(_ options: ClusterOptions) throws -> KubernetesClient {
    let cluster = try options.found()
    for warning in cluster.warnings { warn(warning) }
    return options.client(cluster, access: .readOnly(allowingServerDryRun: false))
  }

  /// What the autoscaler must be allowed to do, or says on standard error why that cannot be told.
  func permissions(
    _ configuration: AutoscalerConfiguration, _ client: KubernetesClient,
    purpose: RequiredPermissions.Purpose, lease: LeaseReference?
  ) async throws -> RequiredPermissions {
    let namespace = client.cluster.namespace
    do throws(KubernetesError) {
      return try await RequiredPermissions(
        configuration,
        own: RequiredPermissions.Own(configMap: configMap(defaultNamespace: namespace), lease: lease),
        purpose: purpose, defaultNamespace: namespace, resolve: client.resource)
    } catch {
      throw complaint("\(error)\n")
    }
  }
}
