internal import Files
internal import Logging
internal import Timekeeping
internal import YAML

/// Looks at a configuration file again and again, and hands over what it says when that changes.
///
/// A file that cannot be used is told in the log, once for each state it is in.
struct ConfigurationWatch: Sendable {
  let file: ConfigurationFile
  let time: Timekeeper
  let logger: Logger

  /// The time between two looks. A change is read when two looks agree, so that one that is still being written
  /// is not; it is in force within a second.
  static let interval: Duration = .milliseconds(500)

  /// Watches until cancelled.
  /// - Parameter initial: The state of the file when the configuration in force was read.
  func run(since initial: FileVersion?, _ apply: @Sendable (AutoscalerConfiguration) -> Void) async {
    var read = initial
    var seen = initial
    while (try? await time.sleep(Self.interval)) != nil {
      let version = file.version
      defer { seen = version }
      guard version == seen, version != read else { continue }
      read = version
      do {
        let configuration = try file.load()
        logger.info(
          "configuration changed, the new one is in force",
          metadata: ["event": "configurationApplied", "file": "\(file.path)"])
        apply(configuration)
      } catch {
        logger.error(
          "configuration refused, the last good one stays in force: \(error)",
          metadata: ["event": "configurationRefused", "file": "\(file.path)", "problems": error.problems])
      }
    }
  }
}

extension ConfigurationError {
  fileprivate var problems: Logger.MetadataValue {
    switch self {
    case .unreadable: ["\(self)"]
    case .invalid(let error): .array(error.problems.map { "\(error.file):\($0)" })
    }
  }
}
