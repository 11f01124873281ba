internal import Colonies
internal import ColoniesClient
internal import Files

/// The variables that a worker process finds, beside those of the autoscaler.
struct LocalProcessEnvironment: Sendable, Hashable {
  /// The variables by which a worker is told who it is.
  static let reserved = ["COLONIES_EXECUTOR_NAME", "WORKER_STATE_FILE"]

  private let configuration: LocalProcessConfiguration
  /// Where the scaler's queue is. Nil takes a variable away, so that the autoscaler's own does not mislead.
  private let queue: [String: String?]

  init(_ scaler: ScalerConfiguration, _ configuration: LocalProcessConfiguration) {
    self.configuration = configuration
    let server = scaler.server
    let grace = max(configuration.gracePeriod.components.seconds - 1, 0)
    queue = [
      "COLONIES_SERVER_HOST": server.endpoint.host,
      "COLONIES_SERVER_PORT": "\(server.endpoint.port)",
      "COLONIES_TLS": server.endpoint.usesTLS ? "true" : "false",
      "COLONIES_CA_FILE": server.authorities,
      "COLONIES_SKIP_TLS_VERIFY": nil,
      // The autoscaler's own variable may name the other one.
      "COLONIES_API": server.api?.rawValue,
      "COLONYID": server.api == .executor || scaler.colony.id.isEmpty ? nil : scaler.colony.id,
      "COLONIES_COLONY_NAME":
        server.api == .runtime || scaler.colony.name.isEmpty ? nil : scaler.colony.name,
      "COLONIES_EXECUTOR_TYPE": scaler.executorType,
      // The worker gives its work back in good time before it is killed.
      "WORKER_GRACE_SECONDS": "\(grace)",
    ]
  }

  /// The variables for one worker; nil takes one away.
  /// - Throws: `EnvironmentFileError`.
  func variables(worker: String, stateFile: String) throws(EnvironmentFileError) -> [String: String?] {
    var variables = queue
    if let path = configuration.environmentFile {
      for (name, value) in try Self.read(path) { variables[name] = .some(value) }
    }
    for (name, value) in configuration.environment { variables[name] = .some(value) }
    variables["COLONIES_EXECUTOR_NAME"] = .some(worker)
    variables["WORKER_STATE_FILE"] = .some(stateFile)
    return variables
  }

  /// Reads `NAME=value` lines. Empty lines and those that begin with `#` are skipped; values are taken as they
  /// are, without quotes to remove.
  private static func read(_ path: String) throws(EnvironmentFileError) -> [(name: String, value: String)] {
    let text: String
    do {
      text = try File.text(path, limit: 1 << 20)
    } catch {
      throw EnvironmentFileError(description: "\(path): cannot be read: \(error.reason)")
    }
    var variables: [(name: String, value: String)] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard let first = line.first(where: { !$0.isWhitespace }), first != "#" else { continue }
      let name = line.prefix { $0 != "=" }
      guard name.endIndex != line.endIndex, ConfigurationReader.isVariableName(String(name)) else {
        // The line may be a secret, so it is not shown.
        throw EnvironmentFileError(description: "\(path):\(index + 1): must be NAME=value")
      }
      variables.append((String(name), String(line[line.index(after: name.endIndex)...])))
    }
    return variables
  }
}

/// What is wrong with a file of environment variables.
struct EnvironmentFileError: Error, Hashable, CustomStringConvertible {
  let description: String
}
