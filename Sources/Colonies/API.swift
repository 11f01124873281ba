/// The two generations of the Colonies protocol. They share the envelope and the cryptography and differ in
/// message names, field names and some rules.
public enum API: String, Sendable, Hashable, CaseIterable {
  /// The protocol of 2022: workers are *runtimes*, colonies are named by their id.
  case runtime
  /// The protocol of today: workers are *executors*, colonies are named by their name.
  case executor
}
