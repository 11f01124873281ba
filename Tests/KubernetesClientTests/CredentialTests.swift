import HTTPTransport
import JSON
import Locking
import TestSupport
import Testing

@testable import KubernetesClient

@Suite(.timeLimit(.minutes(10)))
struct CredentialTests {
  let folder = TemporaryDirectory()
  let clock = TestClock()

  /// A server that takes only one token, and tells by its answers which ones it saw.
  private func server(accepting good: @escaping @Sendable () -> String) -> FakeHTTPClient {
    FakeHTTPClient { request, _ in
      request.bearerToken == BearerToken(good())
        ? .json(200, configMap("a", version: 1)) : .status(401, "Unauthorized")
    }
  }

  private func get(_ client: KubernetesClient) async -> KubernetesError.Code? {
    do throws(KubernetesError) {
      _ = try await client.get(ConfigMap.self, "a", in: "ns")
      return nil
    } catch {
      return error.code
    }
  }

  @Test("a mounted token is read again when the link behind it moves, and not before")
  func rotation() async throws {
    folder.makeDirectory("1")
    folder.makeDirectory("2")
    folder.write("one\n", to: "1/token")
    folder.write("two\n", to: "2/token")
    folder.link("data", to: "1")
    folder.link("token", to: "data/token")
    let good = Locked("one")
    let server = server { good.withLock { $0 } }
    let client = server.client(clock, credentials: .tokenFile(folder.file("token")))
    #expect(await get(client) == nil)
    folder.link("data", to: "2")
    // The old one is still good, and nobody has looked.
    clock.advance(by: .seconds(9))
    #expect(await get(client) == nil)
    clock.advance(by: .seconds(1))
    good.withLock { $0 = "two" }
    #expect(await get(client) == nil)
    #expect(server.requests.count == 3)
  }

  @Test("a 401 makes the file be read at once, and only once")
  func refusal() async throws {
    folder.write("one", to: "token")
    let good = Locked("one")
    let server = server { good.withLock { $0 } }
    let client = server.client(clock, credentials: .tokenFile(folder.file("token")))
    #expect(await get(client) == nil)
    folder.write("two", to: "token")
    good.withLock { $0 = "two" }
    #expect(await get(client) == nil)
    #expect(server.requests.count == 3)
    good.withLock { $0 = "three" }
    #expect(await get(client) == .unauthorized)
    #expect(server.requests.count == 5)
  }

  @Test func tokenFileThatVanishes() async throws {
    let path = folder.write("one", to: "token")
    let server = server { "one" }
    let client = server.client(clock, credentials: .tokenFile(path))
    #expect(await get(client) == nil)
    folder.write("  \n", to: "token")
    clock.advance(by: .seconds(60))
    #expect(await get(client) == nil)
    #expect(await get(server.client(credentials: .tokenFile(path))) == .noCredentials)
    #expect(await get(server.client(credentials: .tokenFile("/none"))) == .noCredentials)
  }

  @Test func fixedCredentialsAreNotTriedTwice() async throws {
    let server = server { "other" }
    #expect(await get(server.client(credentials: .token(BearerToken("one")))) == .unauthorized)
    #expect(server.requests.count == 1)
    let basic = BasicCredential(username: "u", password: "p")
    #expect(await get(server.client(credentials: .basic(basic))) == .unauthorized)
    #expect(server.requests.last?.headers["Authorization"] == "Basic dTpw")
  }

  // MARK: Plugins

  /// A plugin that counts its runs and prints a token with their number.
  private func plugin(
    _ script: String, version: ExecPlugin.Version = .v1, environment: [String: String] = [:],
    timeout: Duration = .seconds(60), providesCluster: Bool = false
  ) throws -> ExecPlugin {
    let path = folder.write(
      "echo run >> \"\(folder.path)/runs\"\n\(script)\n", to: "login")
    // By the shell: a file that was just written cannot be executed while another test forks.
    return ExecPlugin(
      version: version, command: "/bin/sh", arguments: [path, "x y", "$z"], environment: environment,
      interactiveMode: .never, providesClusterInformation: providesCluster,
      cluster: ExecPlugin.ClusterInformation(server: "https://s", authorities: Array("CA".utf8)),
      installHint: "get it from there", timeout: timeout)
  }

  private var runs: Int { (folder.read("runs") ?? "").split(separator: "\n").count }

  private func printing(_ status: String, version: ExecPlugin.Version = .v1) -> String {
    "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"\(version.rawValue)\",\"status\":\(status)}'"
  }

  @Test func pluginIsAskedOnceForAll() async throws {
    let plugin = try plugin(printing(#"{"token":"one"}"#))
    let server = server { "one" }
    let client = server.client(clock, credentials: .exec(plugin))
    try await withThrowingTaskGroup(of: KubernetesError.Code?.self) { group in
      for _ in 0..<8 { group.addTask { await get(client) } }
      for try await code in group { #expect(code == nil) }
    }
    #expect(runs == 1)
    #expect(server.requests.count == 8)
  }

  @Test func pluginSeesItsSurroundings() async throws {
    let script = """
      printf '%s|' "$1" "$2" "$A" > "\(folder.path)/seen"
      printf '%s' "$KUBERNETES_EXEC_INFO" >> "\(folder.path)/seen"
      """
    let plugin = try plugin(
      script + "\n" + printing(#"{"token":"one"}"#, version: .v1beta1), version: .v1beta1,
      environment: ["A": "b"], providesCluster: true)
    #expect(await get(server { "one" }.client(clock, credentials: .exec(plugin))) == nil)
    #expect(
      folder.read("seen")
        == "x y|$z|b|"
        + #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","spec":{"cluster":"#
        + #"{"server":"https://s","certificate-authority-data":"Q0E="},"interactive":false}}"#)
  }

  @Test func pluginIsAskedAgainWhenItsCredentialsExpire() async throws {
    let plugin = try plugin(
      printing(#"{"token":"one","expirationTimestamp":"1970-01-01T00:01:00Z"}"#))
    let seconds = Locked<Int64>(0)
    let client = server { "one" }.client(clock, credentials: .exec(plugin)) {
      KubernetesTime(microseconds: seconds.withLock { $0 } * 1_000_000)
    }
    #expect(await get(client) == nil)
    seconds.withLock { $0 = 59 }
    #expect(await get(client) == nil)
    #expect(runs == 1)
    seconds.withLock { $0 = 60 }
    #expect(await get(client) == nil)
    #expect(runs == 2)
  }

  @Test func pluginIsAskedAgainAfterARefusal() async throws {
    let count = "$(wc -l < \"\(folder.path)/runs\")"
    let plugin = try plugin(
      "echo \"{\\\"kind\\\":\\\"ExecCredential\\\",\\\"apiVersion\\\":\\\"client.authentication.k8s.io/v1\\\","
        + "\\\"status\\\":{\\\"token\\\":\\\"t\(count)\\\"}}\"")
    let server = server { "t2" }
    #expect(await get(server.client(clock, credentials: .exec(plugin))) == nil)
    #expect(runs == 2)
    #expect(server.requests.count == 2)
  }

  @Test func pluginWithACertificate() async throws {
    let plugin = try plugin(printing(#"{"clientCertificateData":"CRT","clientKeyData":"KEY"}"#))
    let identities = Locked<[TLSConfiguration.Identity?]>([])
    let server = FakeHTTPClient([.json(200, configMap("a", version: 1))])
    let client = KubernetesClient(
      ClusterConfiguration(server: "https://server", credentials: .exec(plugin)), clock: clock,
      makeClient: { configuration in
        identities.withLock { $0.append(configuration.tls.identity) }
        return server
      })
    #expect(await get(client) == nil)
    #expect(await get(client) == nil)
    #expect(
      identities.withLock { $0 } == [
        TLSConfiguration.Identity(
          certificate: .bytes(Array("CRT".utf8)), privateKey: .bytes(Array("KEY".utf8)))
      ])
  }

  @Test(arguments: [
    ("exit 3", "it failed: exited(3)"), ("echo hello", "its output is not JSON"),
    ("echo '{}'", "its output is not of the kind ExecCredential"),
    (
      #"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1"}'"#,
      "not of the version"
    ),
    (#"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1"}'"#, "has no status"),
  ])
  func pluginThatFails(script: String, message: String) async throws {
    let client = FakeHTTPClient([]).client(clock, credentials: .exec(try plugin(script)))
    do throws(KubernetesError) {
      _ = try await client.get(ConfigMap.self, "a", in: "ns")
      Issue.record("there should be no credentials")
    } catch {
      #expect(error.code == .noCredentials)
      #expect(error.message.contains(message), "\(error.message)")
    }
  }

  @Test(arguments: [
    (#"{"token":""}"#, "neither a token nor a certificate"),
    (#"{"token":"x","clientKeyData":"k"}"#, "a certificate without its key"),
    (#"{"token":"x","expirationTimestamp":"soon"}"#, "an expirationTimestamp that is no time"),
  ])
  func pluginWithABadStatus(status: String, message: String) async throws {
    try await pluginThatFails(script: printing(status), message: message)
  }

  @Test func pluginThatIsNotThere() async throws {
    let plugin = ExecPlugin(
      version: .v1, command: "no-such-plugin-of-anybody", installHint: "get it from there")
    let client = FakeHTTPClient([]).client(clock, credentials: .exec(plugin))
    do throws(KubernetesError) {
      _ = try await client.get(ConfigMap.self, "a", in: "ns")
      Issue.record("there should be no credentials")
    } catch {
      #expect(
        error.message == "exec plugin no-such-plugin-of-anybody: it is not installed: get it from there")
    }
  }

  @Test("a plugin that hangs is killed, with its children")
  func pluginThatHangs() async throws {
    let plugin = try plugin("sleep 1000 & sleep 1000", timeout: .seconds(60))
    let client = FakeHTTPClient([]).client(clock, credentials: .exec(plugin))
    async let code = get(client)
    try await clock.pass()
    #expect(await code == .noCredentials)
  }

  @Test func pluginThatMustAsk() async throws {
    var plugin = try plugin("")
    plugin.interactiveMode = .always
    // Under a test there may be a terminal; then the plugin's silence is the failure.
    #expect(await get(FakeHTTPClient([]).client(clock, credentials: .exec(plugin))) == .noCredentials)
  }
}
