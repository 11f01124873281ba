internal import Files
internal import YAML

/// The file that a configuration is kept in.
public struct ConfigurationFile: Sendable, Hashable {
  /// Where it is; also the name that problems are reported under.
  public let path: String
  /// The namespace of targets that name none; nil when there is no cluster.
  public let defaultNamespace: String?

  /// Creates a reference to a file.
  public init(path: String, defaultNamespace: String? = nil) {
    self.path = path
    self.defaultNamespace = defaultNamespace
  }

  /// Reads the file.
  /// - Throws: `ConfigurationError` with everything that is wrong.
  public func load() throws(ConfigurationError) -> AutoscalerConfiguration {
    let bytes: [UInt8]
    do {
      bytes = try File.bytes(path, limit: YAMLLimits().maximumBytes)
    } catch {
      throw .unreadable(file: path, reason: error.reason)
    }
    do {
      return try AutoscalerConfiguration(reading: bytes, file: path, defaultNamespace: defaultNamespace)
    } catch {
      throw .invalid(error)
    }
  }

  /// The state the file is in; nil when it is not there or cannot be looked at.
  var version: FileVersion? {
    // Why it cannot be looked at is told when it is read.
    try? FileVersion(of: path)
  }
}
