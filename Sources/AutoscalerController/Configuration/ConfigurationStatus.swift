/// Which configuration is in force, and whether a newer one was refused.
public struct ConfigurationStatus: Sendable, Hashable {
  /// How many configurations have been in force, this one included; 0 before the first.
  public internal(set) var generation = 0
  /// Why the newest one is not in force; nil when it is.
  public internal(set) var problem: ConfigurationError?
}
