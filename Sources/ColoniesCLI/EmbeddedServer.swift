internal import Colonies
internal import ColoniesClient
internal import Files

/// What a data directory tells about the embedded server that works in it.
struct EmbeddedServer {
  /// The data directory's path.
  let directory: String

  /// How to start the server.
  var startCommand: String { "colonies server start --data-dir \(directory)" }

  /// The server's own key, which its owner signs with.
  func key() throws -> PrivateKey {
    let path = directory + "/server.key"
    return try PrivateKey(text: try text(path), source: path)
  }

  /// Where the server listens; whether its certificate is checked is the environment's to say.
  func settings(_ environment: EnvironmentVariables) throws -> ServerSettings {
    let path = directory + "/address"
    let address = try text(path).filter { !$0.isWhitespace }
    guard let endpoint = Endpoint(url: address) else {
      throw CommandError("\(path) does not hold an address such as http://127.0.0.1:50080")
    }
    return ServerSettings(
      endpoint: endpoint, verifiesCertificate: try !(environment.bool("COLONIES_SKIP_TLS_VERIFY") ?? false),
      authorityFile: environment["COLONIES_CA_FILE"])
  }

  private func text(_ path: String) throws -> String {
    do {
      return try File.text(path)
    } catch {
      throw CommandError(
        error.isNotFound
          ? "no embedded server has run in \(directory): there is no \(path)" : error.description,
        advice: "Start one: \(startCommand)\nA server with another data directory is named by --data-dir.")
    }
  }
}

extension Endpoint {
  /// Reads `http://host:port` or `https://host:port`.
  init?(url: String) {
    let usesTLS = url.hasPrefix("https://")
    guard usesTLS || url.hasPrefix("http://") else { return nil }
    let rest = url.dropFirst(usesTLS ? 8 : 7)
    guard let colon = rest.lastIndex(of: ":"), let port = Int(rest[rest.index(after: colon)...]),
      (1...65535).contains(port)
    else { return nil }
    var host = String(rest[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard !host.isEmpty, !host.contains("/") else { return nil }
    self.init(host: host, port: port, usesTLS: usesTLS)
  }
}
