/// What an autoscaler is to do: the servers it asks and the scalers it runs.
///
/// Values read from a file are always possible ones, and every server that a scaler names exists.
public struct AutoscalerConfiguration: Sendable, Hashable {
  /// The servers, in the order of their names.
  public var servers: [ServerConfiguration]
  /// The scalers, as written; each has its own name.
  public var scalers: [ScalerConfiguration]

  /// Whether anything of it is in a cluster.
  public var needsCluster: Bool {
    scalers.contains { if case .scalable = $0.target { true } else { false } }
  }
}
