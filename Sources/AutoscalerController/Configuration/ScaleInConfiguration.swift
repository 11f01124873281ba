public import Autoscaling

/// How workers in a cluster are taken away.
public struct ScaleInConfiguration: Sendable, Hashable {
  /// Whether the cluster takes away the pods with the lowest deletion cost.
  public enum DeletionCost: String, Sendable, Hashable, CaseIterable {
    /// As the version of the API server says: since 1.22.
    case auto
    case honored
    case ignored
  }

  /// How a worker is kept from taking work while its pod is chosen.
  public var cordon: ScaleInPolicy.Cordon = .drain
  /// Whether there may be fewer replicas than busy workers.
  public var allowBusy = false
  /// Whether the cluster takes away the pods with the lowest deletion cost.
  public var deletionCost: DeletionCost = .auto
  /// How long the registration of a worker may stay when its pod is gone. Only with the owner's key can one be ended.
  public var orphansAfter: Duration = Self.defaultOrphansAfter

  /// Describes the usual way.
  public init() {}

  /// The default of ``orphansAfter``.
  public static let defaultOrphansAfter: Duration = .seconds(120)
  /// The range of ``orphansAfter``. Busy workers give signs of life up to 66 s apart: one that lives is never silent for
  /// so long.
  public static let orphansAfterRange: ClosedRange<Duration> = .seconds(90) ... .seconds(86_400)
}
