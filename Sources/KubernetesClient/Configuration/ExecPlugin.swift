/// A program that prints credentials (`client.authentication.k8s.io`). Prints neither arguments nor
/// environment, either of which may hold a secret.
public struct ExecPlugin: Sendable, Hashable {
  /// What the program and its caller speak.
  public enum Version: String, Sendable, Hashable, CaseIterable {
    case v1 = "client.authentication.k8s.io/v1"
    case v1beta1 = "client.authentication.k8s.io/v1beta1"
  }

  /// Whether the program may ask the user something.
  public enum InteractiveMode: String, Sendable, Hashable, CaseIterable {
    case never = "Never"
    case ifAvailable = "IfAvailable"
    case always = "Always"
  }

  /// What the program is told about the cluster, if it wants to know.
  public struct ClusterInformation: Sendable, Hashable {
    public var server: String
    public var tlsServerName: String?
    public var skipsVerification: Bool
    public var authorities: [UInt8]?
    public var proxyURL: String?

    /// Describes a cluster.
    public init(
      server: String, tlsServerName: String? = nil, skipsVerification: Bool = false,
      authorities: [UInt8]? = nil, proxyURL: String? = nil
    ) {
      self.server = server
      self.tlsServerName = tlsServerName
      self.skipsVerification = skipsVerification
      self.authorities = authorities
      self.proxyURL = proxyURL
    }
  }

  public var version: Version
  /// The program's path, or a name to look for on the PATH.
  public var command: String
  public var arguments: [String]
  /// Variables beside those of this process.
  public var environment: [String: String]
  public var interactiveMode: InteractiveMode
  /// Whether the program is told about the cluster.
  public var providesClusterInformation: Bool
  /// The cluster, set when a context is chosen.
  public var cluster: ClusterInformation?
  /// What to tell people who do not have the program.
  public var installHint: String?
  /// How long the program may run. Long enough for a person who is asked something.
  public var timeout: Duration

  /// Describes a program.
  public init(
    version: Version, command: String, arguments: [String] = [], environment: [String: String] = [:],
    interactiveMode: InteractiveMode = .ifAvailable, providesClusterInformation: Bool = false,
    cluster: ClusterInformation? = nil, installHint: String? = nil, timeout: Duration = .seconds(60)
  ) {
    self.version = version
    self.command = command
    self.arguments = arguments
    self.environment = environment
    self.interactiveMode = interactiveMode
    self.providesClusterInformation = providesClusterInformation
    self.cluster = cluster
    self.installHint = installHint
    self.timeout = timeout
  }
}

extension ExecPlugin: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "exec plugin \(command)" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
