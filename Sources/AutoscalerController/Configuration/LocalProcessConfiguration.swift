/// How a worker process on this machine is run.
public struct LocalProcessConfiguration: Sendable, Hashable {
  /// The program and its arguments. A program without a slash is looked up in `PATH`.
  public var command: [String]
  /// Variables that are added to the autoscaler's own.
  public var environment: [String: String] = [:]
  /// A file of further variables, one `NAME=value` a line, read at each start of a worker: for secrets.
  public var environmentFile: String?
  /// The folder to run in; nil is the autoscaler's own.
  public var workingDirectory: String?
  /// How long a worker may take to end after SIGTERM, before it is killed.
  public var gracePeriod: Duration = Self.defaultGracePeriod
  /// The folder for the workers' output; nil passes the output on to the autoscaler's standard error.
  public var logDirectory: String?

  /// The grace period unless one is set.
  public static let defaultGracePeriod: Duration = .seconds(30)
  /// The range of ``gracePeriod``.
  public static let gracePeriodRange: ClosedRange<Duration> = .zero ... .seconds(86_400)
  /// The most workers that one target runs.
  public static let maximumReplicas = 256
}
