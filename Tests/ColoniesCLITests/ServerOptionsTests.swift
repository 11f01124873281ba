import ArgumentParser
import Colonies
@testable import ColoniesCLI
import ColoniesClient
import JSON
import Testing

@Suite("Where the server is", .timeLimit(.minutes(10)))
struct ServerOptionsTests {
  /// What was given, and the settings that follow.
  struct Case: Sendable, CustomTestStringConvertible {
    var arguments: [String] = []
    var environment: [String: String] = [:]
    var endpoint = "http://localhost:50080"
    var verifies = true
    var authorities: String?
    var api: API?
    var testDescription: String { "\(arguments) \(environment)" }
  }

  static let cases: [Case] = [
    Case(),
    Case(
      environment: ["COLONIES_SERVER_HOST": "a", "COLONIES_SERVER_PORT": "1"], endpoint: "http://a:1"),
    Case(environment: ["SERVERHOST": "a", "SERVERPORT": "1"], endpoint: "http://a:1"),
    Case(
      environment: [
        "SERVERHOST": "a", "COLONIES_SERVER_HOST": "b", "SERVERPORT": "1",
        "COLONIES_SERVER_PORT": "2",
      ], endpoint: "http://b:2"),
    Case(
      arguments: ["--host", "c", "--port", "3"],
      environment: ["SERVERHOST": "a", "COLONIES_SERVER_HOST": "b", "COLONIES_SERVER_PORT": "2"],
      endpoint: "http://c:3"),
    Case(environment: ["COLONIES_SERVER_HOST": "", "SERVERHOST": "a"], endpoint: "http://a:50080"),
    Case(arguments: ["--host", "::1"], endpoint: "http://[::1]:50080"),
    Case(arguments: ["--host", "[::1]"], endpoint: "http://[::1]:50080"),
    Case(environment: ["COLONIES_TLS": "true"], endpoint: "https://localhost:50080"),
    Case(environment: ["COLONIES_TLS": "false"]),
    Case(arguments: ["--tls"], environment: ["COLONIES_TLS": "false"], endpoint: "https://localhost:50080"),
    Case(arguments: ["--no-tls"], environment: ["COLONIES_TLS": "true"]),
    Case(arguments: ["--insecure"], verifies: false),
    Case(arguments: ["--skip-tls-verify"], verifies: false),
    Case(environment: ["COLONIES_SKIP_TLS_VERIFY": "true"], verifies: false),
    Case(environment: ["COLONIES_CA_FILE": "/a.pem"], authorities: "/a.pem"),
    Case(
      arguments: ["--ca-file", "/b.pem"], environment: ["COLONIES_CA_FILE": "/a.pem"],
      authorities: "/b.pem"),
    Case(arguments: ["--api", "runtime"], api: .runtime),
    Case(environment: ["COLONIES_API": "executor"], api: .executor),
    Case(arguments: ["--api", "auto"], environment: ["COLONIES_API": "executor"], api: nil),
  ]

  @Test("an option wins over a variable, the newer variable over the older", arguments: cases)
  func precedence(_ test: Case) throws {
    let settings = try ServerOptions.parse(test.arguments).settings(EnvironmentVariables(test.environment))
    #expect(settings.endpoint.description == test.endpoint)
    #expect(settings.verifiesCertificate == test.verifies)
    #expect(settings.authorityFile == test.authorities)
    #expect(settings.api == test.api)
  }

  @Test(
    "what cannot be used is told with its name",
    arguments: [
      ("COLONIES_TLS", "yes"), ("COLONIES_SERVER_PORT", "80a"), ("COLONIES_SERVER_PORT", "70000"),
      ("COLONIES_SERVER_HOST", "http://localhost"), ("COLONIES_API", "both"), ("SERVERPORT", "0"),
    ])
  func refused(name: String, value: String) throws {
    let options = try ServerOptions.parse([])
    #expect(
      performing: { try options.settings(EnvironmentVariables([name: value])) },
      throws: { "\($0)".contains(name) && "\($0)".contains("\"\(value)\"") })
  }

  /// How the colony is named, and the first message that a server is asked.
  static let choices: [([String: String], [String], MessageType)] = [
    (["COLONYID": TestKeys.colony.id], [], .getRuntimes),
    (["COLONIES_COLONY_NAME": "dev"], [], .getExecutors),
    (["COLONYID": TestKeys.colony.id, "COLONIES_COLONY_NAME": "dev"], [], .version),
    (
      ["COLONYID": TestKeys.colony.id, "COLONIES_COLONY_NAME": "dev", "COLONIES_API": "runtime"], [],
      .getRuntimes
    ),
    (["COLONYID": TestKeys.colony.id], ["--colony-name", "dev", "--api", "executor"], .getExecutors),
  ]

  @Test("the API follows from how the colony is named", arguments: choices)
  func api(environment: [String: String], arguments: [String], first: MessageType) async throws {
    let server = FakeServer([
      .version: { _ in ["buildversion": "x", "buildtime": ""] }, .getRuntimes: { _ in .null },
      .getExecutors: { _ in .null },
    ])
    let run = try await CommandRun(
      ["runtime", "ls"] + arguments,
      environment: environment.merging(["RUNTIMEPRVKEY": TestKeys.cli.hexadecimal]) { $1 }, server: server)
    #expect(run.exitCode == 0)
    #expect(server.asked.first?.type == first)
  }

  @Test("a colony that is not named is told before anything is asked")
  func unnamed() async throws {
    let run = try await CommandRun(
      ["process", "psw"], environment: ["RUNTIMEPRVKEY": TestKeys.cli.hexadecimal], server: FakeServer([:]))
    #expect(run.exitCode == 1)
    #expect(run.errors.contains("COLONYID"))
  }

  @Test("a server that is not there is told with the command that starts one")
  func unreachable() async throws {
    let run = try await CommandRun(
      ["process", "psw"],
      environment: ["RUNTIMEPRVKEY": TestKeys.cli.hexadecimal, "COLONYID": TestKeys.colony.id])
    #expect(run.exitCode == 1)
    #expect(run.errors.contains("colonies server start"))
    #expect(run.errors.contains("COLONIES_SERVER_HOST"))
  }
}
