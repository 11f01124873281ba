internal import ArgumentParser
internal import Colonies
internal import ColoniesClient

/// Where the server is.
struct ServerOptions: ParsableArguments {
  /// What `--api` takes.
  enum APIChoice: String, ExpressibleByArgument, CaseIterable {
    case auto, runtime, executor

    var api: API? { API(rawValue: rawValue) }
  }

  @Option(help: "The server's host name. [env: COLONIES_SERVER_HOST, SERVERHOST] (default: localhost)")
  var host: String?

  @Option(help: "The server's port. [env: COLONIES_SERVER_PORT, SERVERPORT] (default: 50080)")
  var port: Int?

  @Flag(
    inversion: .prefixedNo,
    help:
      "Speak TLS. The embedded server speaks plain HTTP unless it is told. [env: COLONIES_TLS] (default: --no-tls)"
  )
  var tls: Bool?

  @Flag(
    name: [.long, .customLong("skip-tls-verify")],
    help: "Accept any certificate of the server. [env: COLONIES_SKIP_TLS_VERIFY]")
  var insecure = false

  @Option(
    help: ArgumentHelp(
      "A file with the certificates to trust instead of the system's. [env: COLONIES_CA_FILE]",
      valueName: "file"))
  var caFile: String?

  @Option(
    help: ArgumentHelp(
      "The server's API: runtime (2022), executor (today), or auto. [env: COLONIES_API] (default: auto)",
      discussion: "auto goes by how the colony is named: COLONYID alone means runtime, COLONIES_COLONY_NAME "
        + "alone executor; otherwise the server is asked.", valueName: "api"))
  var api: APIChoice?

  /// The settings: an option wins over a variable, a variable over the default.
  func settings(_ environment: EnvironmentVariables) throws -> ServerSettings {
    let usesTLS = try tls ?? environment.bool("COLONIES_TLS") ?? false
    let accepts = try insecure || environment.bool("COLONIES_SKIP_TLS_VERIFY") ?? false
    return ServerSettings(
      endpoint: Endpoint(host: try host(environment), port: try port(environment), usesTLS: usesTLS),
      verifiesCertificate: !accepts, authorityFile: caFile ?? environment["COLONIES_CA_FILE"],
      api: try api(environment))
  }

  private func host(_ environment: EnvironmentVariables) throws -> String {
    let variable = environment.first(["COLONIES_SERVER_HOST", "SERVERHOST"])
    var host = self.host ?? variable?.value ?? "localhost"
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    let isName = host.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "@") }
    guard isName, !host.isEmpty else {
      throw CommandError(
        "\(self.host == nil ? variable?.name ?? "the host" : "--host") must be a host name or an address, "
          + "found \"\(host)\"",
        advice: "The port is named by --port (COLONIES_SERVER_PORT), TLS by --tls (COLONIES_TLS=true).")
    }
    return host
  }

  private func port(_ environment: EnvironmentVariables) throws -> Int {
    let variable = environment.first(["COLONIES_SERVER_PORT", "COLONIES_SERVER_HTTP_PORT", "SERVERPORT"])
    let text = port.map(String.init) ?? variable?.value ?? "50080"
    guard let number = Int(text), (1...65535).contains(number) else {
      throw CommandError(
        "\(port == nil ? variable?.name ?? "the port" : "--port") must be a port, 1 to 65535, found \"\(text)\""
      )
    }
    return number
  }

  private func api(_ environment: EnvironmentVariables) throws -> API? {
    if let api { return api.api }
    guard let text = environment["COLONIES_API"] else { return nil }
    guard let choice = APIChoice(rawValue: text) else {
      throw CommandError("COLONIES_API must be auto, runtime or executor, found \"\(text)\"")
    }
    return choice.api
  }
}
