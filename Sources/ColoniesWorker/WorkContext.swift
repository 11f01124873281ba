public import Colonies
public import Logging

/// What a handler knows about the process it works on, and how it reports while it works.
public struct WorkContext: Sendable {
  /// Something that a handler stores with its process while it works.
  public enum Report: Sendable, Hashable {
    /// Of `report(_:)`.
    case message(String)
    /// Of `log(_:)`.
    case log(String)
    /// Of `setAttribute(_:to:)`.
    case attribute(key: String, value: String)
  }

  /// The longest message of a log, in bytes.
  public static let messageLimit = ProgressLog.entryLimit
  /// The longest key of an attribute, in bytes.
  public static let keyLimit = 256
  /// The longest value of an attribute that is set while working, in bytes.
  public static let valueLimit = 1 << 20

  /// The process, as the server gave it.
  public let process: Process
  /// Marks each line with the process's id.
  public let logger: Logger
  private let now: @Sendable () -> Duration
  private let leaseEnd: Duration?
  private let store: @Sendable (Report) async throws(ReportError) -> Void
  private let progress: @Sendable (String) -> Void

  init(
    _ assignment: Assignment, logger: Logger, now: @escaping @Sendable () -> Duration,
    progress: @escaping @Sendable (String) -> Void,
    store: @escaping @Sendable (Report) async throws(ReportError) -> Void
  ) {
    process = assignment.process
    leaseEnd = assignment.leaseEnd
    self.logger = logger
    self.now = now
    self.progress = progress
    self.store = store
  }

  /// Creates a context for testing a handler.
  /// - Parameters:
  ///   - timeRemaining: What `timeRemaining` returns.
  ///   - store: Takes what the handler reports, and throws what it is to be told.
  public init(
    process: Process, timeRemaining: Duration? = nil, logger: Logger,
    store: @escaping @Sendable (Report) throws(ReportError) -> Void = { _ in }
  ) {
    self.process = process
    self.logger = logger
    leaseEnd = timeRemaining
    now = { .zero }
    // What is not awaited has no errors.
    progress = { message in try? store(.message(message)) }
    self.store = { (report) throws(ReportError) in try store(report) }
  }

  /// How long the worker may still take before the server gives the process to another one; nil when it may
  /// take for ever. The handler's task is cancelled when this reaches zero.
  public var timeRemaining: Duration? { leaseEnd.map { max($0 - now(), .zero) } }

  /// A text from the process's environment.
  public func environmentValue(_ name: String) -> String? {
    process.spec.environment[name]
      ?? process.attributes.first { $0.kind == .environment && $0.key == name }?.value
  }

  // MARK: Progress

  /// Adds a message to the process's log, without waiting and without failing: for progress.
  ///
  /// Messages are sent in order, about one request a second, and those that are left when the work is done before
  /// the process is closed. At most 100 wait; what comes faster is left out and counted in the log. A message may
  /// arrive twice when the network fails. In the runtime API, which has no logs, messages go to `logger` only.
  public func report(_ message: String) { progress(message) }

  /// Adds a message to the process's log and waits until the server has it. While the server is away that is
  /// tried again until the lease ends.
  /// - Parameter message: At most `messageLimit` bytes.
  /// - Throws: `ReportError`, `unsupported` in the runtime API. A handler that lets it pass fails, or is given up when
  ///   the process is lost.
  public func log(_ message: String) async throws(ReportError) {
    guard message.utf8.count <= Self.messageLimit else {
      throw ReportError(
        .tooLarge, "a message of \(message.utf8.count) bytes; at most \(Self.messageLimit) can be logged")
    }
    try await store(.log(message))
  }

  /// Stores an attribute of kind output with the process and waits until the server has it. While the server is
  /// away that is tried again until the lease ends.
  ///
  /// An attribute cannot be changed, also not by a later attempt: setting it again to the same value does nothing.
  /// - Parameters:
  ///   - key: 1 to `keyLimit` bytes. Keys of the handler's `ProcessOutput` are better left to it.
  ///   - value: At most `valueLimit` bytes.
  /// - Throws: `ReportError`. A handler that lets it pass fails, or is given up when the process is lost.
  public func setAttribute(_ key: String, to value: String) async throws(ReportError) {
    guard (1...Self.keyLimit).contains(key.utf8.count), value.utf8.count <= Self.valueLimit else {
      throw ReportError(
        .tooLarge,
        "an attribute with a key of \(key.utf8.count) and a value of \(value.utf8.count) bytes; expected a key of "
          + "1 to \(Self.keyLimit) and a value of at most \(Self.valueLimit)")
    }
    try await store(.attribute(key: key, value: value))
  }
}
