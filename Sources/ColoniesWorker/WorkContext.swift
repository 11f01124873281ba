public import Colonies
public import Logging

/// What a handler knows about the process it works on.
public struct WorkContext: Sendable {
  /// The process, as the server gave it.
  public let process: Process
  /// Marks each line with the process's id.
  public let logger: Logger
  private let now: @Sendable () -> Duration
  private let leaseEnd: Duration?

  init(_ assignment: Assignment, logger: Logger, now: @escaping @Sendable () -> Duration) {
    process = assignment.process
    leaseEnd = assignment.leaseEnd
    self.logger = logger
    self.now = now
  }

  /// Creates a context for testing a handler.
  /// - Parameter timeRemaining: What `timeRemaining` returns.
  public init(process: Process, timeRemaining: Duration? = nil, logger: Logger) {
    self.process = process
    self.logger = logger
    leaseEnd = timeRemaining
    now = { .zero }
  }

  /// How long the worker may still take before the server gives the process to another one; nil when it may
  /// take for ever. The handler's task is cancelled when this reaches zero.
  public var timeRemaining: Duration? { leaseEnd.map { max($0 - now(), .zero) } }

  /// A text from the process's environment.
  public func environmentValue(_ name: String) -> String? {
    process.spec.environment[name]
      ?? process.attributes.first { $0.kind == .environment && $0.key == name }?.value
  }
}
