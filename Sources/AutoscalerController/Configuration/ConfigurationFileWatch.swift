internal import Files
internal import Timekeeping

/// Looks at a configuration file again and again, and hands over what it says when that changes.
struct ConfigurationFileWatch: Sendable {
  let file: ConfigurationFile
  let time: Timekeeper

  /// The time between two looks. A change is read when two looks agree, so that one that is still being written
  /// is not; it is in force within a second.
  static let interval: Duration = .milliseconds(500)

  /// Watches until cancelled. A file that cannot be used is handed over once for each state it is in.
  /// - Parameter initial: The state of the file when the configuration in force was read.
  func run(
    since initial: FileVersion?,
    _ take: @Sendable (Result<AutoscalerConfiguration, ConfigurationError>) async -> Void
  ) async {
    var read = initial
    var seen = initial
    while (try? await time.sleep(Self.interval)) != nil {
      let version = file.version
      defer { seen = version }
      guard version == seen, version != read else { continue }
      read = version
      await take(Result { () throws(ConfigurationError) in try file.load() })
    }
  }
}
