import Colonies
import ColoniesClient
import Files
import HTTPTransport
import Logging
import Testing

@testable import ColoniesWorker

@Suite("A worker's environment")
struct EnvironmentTests {
  private static let key = "6d2fb6f546bacfd98c68769e61e0b44a697a30596c018a50e28200aa59b01c0a"
  private static let id = "4fef2b5a82d134d058c1883c72d6d9caf77cd59ca82d73105017590dea3dcb87"
  private static let other = String(repeating: "1", count: 64)
  private static let server = ["COLONIES_SERVER_HOST": "10.0.0.240", "COLONIES_SERVER_PORT": "8080"]
  private static let tutorial = server.merging(["COLONYID": id, "COLONYPRVKEY": key]) { $1 }
  private static let executor = server.merging(
    ["COLONIES_COLONY_NAME": "dev", "COLONIES_COLONY_PRVKEY": key]) { $1 }

  private func read(
    _ variables: [String: String], files: [String: String] = [:]
  ) -> (WorkerConfiguration?, [String]) {
    var reader = EnvironmentReader(variables) { (path: String) throws(FileError) in
      guard let text = files[path] else { throw FileError(.read, path, code: 2) }
      return text
    }
    let configuration = WorkerConfiguration(
      reading: &reader, program: "worker", executorType: "fibonacci", uniqueName: "host-1-abc")
    return (configuration, reader.problems.map(\.description))
  }

  @Test("the tutorial's variables are enough, and mean the runtime API")
  func tutorial() throws {
    let (found, problems) = read(Self.tutorial.merging(["CORES": "1", "MEM": "1000"]) { $1 })
    let configuration = try #require(found)
    #expect(problems.isEmpty)
    #expect(configuration.endpoint == Endpoint(host: "10.0.0.240", port: 8080, usesTLS: false))
    #expect(configuration.api == .runtime && configuration.colony == ColonyReference(id: Self.id))
    #expect(configuration.colonyKey.id == Self.id)
    #expect(configuration.cores == 1 && configuration.memory == 1000)
    #expect(configuration.executorType == "fibonacci" && configuration.name == "host-1-abc")
    #expect(configuration.grace == .seconds(30) && configuration.unfinished == .release)
    #expect(configuration.concurrency == 1)
    #expect(configuration.stateFile == StateFile(path: "/tmp/worker.json"))
  }

  @Test("the executor API's variables are enough, and mean the executor API")
  func executor() throws {
    let (found, problems) = read(
      Self.executor.merging([
        "COLONIES_TLS": "true", "COLONIES_CA_FILE": "/ca.pem", "COLONIES_EXECUTOR_TYPE": "other",
        "WORKER_GRACE_SECONDS": "100", "TMPDIR": "/var/tmp", "WORKER_CONCURRENCY": "4",
        "WORKER_UNFINISHED": "fail",
      ]) { $1 })
    let configuration = try #require(found)
    #expect(problems.isEmpty)
    #expect(configuration.endpoint.usesTLS && configuration.trust == .authorities(.file("/ca.pem")))
    #expect(configuration.api == .executor && configuration.colony == ColonyReference(name: "dev"))
    #expect(configuration.cores == nil && configuration.memory == nil)
    #expect(configuration.executorType == "other" && configuration.grace == .seconds(100))
    #expect(configuration.concurrency == 4 && configuration.unfinished == .fail)
    #expect(configuration.stateFile == StateFile(path: "/var/tmp/worker.json"))
  }

  @Test("with the colony's id and name the server is asked which API it has")
  func both() throws {
    let configuration = try #require(read(Self.executor.merging(Self.tutorial) { $1 }).0)
    #expect(configuration.api == nil && configuration.colony == ColonyReference(id: Self.id, name: "dev"))
  }

  @Test("with both, the API may be chosen", arguments: [API.runtime, .executor])
  func chosen(api: API) throws {
    let both = Self.executor.merging(Self.tutorial) { $1 }
    #expect(read(both.merging(["COLONIES_API": api.rawValue]) { $1 }).0?.api == api)
  }

  @Test(
    "names",
    arguments: [
      ([:], "host-1-abc"), (["HOSTNAME": "laptop"], "host-1-abc"), (["POD_NAME": "pod-1"], "pod-1"),
      (["HOSTNAME": "pod-2", "KUBERNETES_SERVICE_HOST": "10.0.0.1"], "pod-2"),
      (["COLONIES_EXECUTOR_NAME": "mine", "POD_NAME": "pod-1"], "mine"),
    ] as [([String: String], String)])
  func names(variables: [String: String], name: String) {
    #expect(read(Self.tutorial.merging(variables) { $1 }).0?.name == name)
  }

  @Test(
    "keys may be in files, with a newline at the end", arguments: ["COLONYPRVKEY", "COLONIES_COLONY_PRVKEY"])
  func keyFiles(variable: String) throws {
    var variables = Self.tutorial
    variables["COLONYPRVKEY"] = nil
    variables[variable + "_FILE"] = "/run/secrets/key"
    let (configuration, problems) = read(variables, files: ["/run/secrets/key": Self.key + "\n"])
    #expect(configuration?.colonyKey.hexadecimal == Self.key, "\(problems)")
  }

  @Test(
    "what is wrong is named, with what was expected",
    arguments: [
      (
        ["COLONIES_SERVER_HOST": ""],
        "COLONIES_SERVER_HOST: not set; expected the server's host name or address"
      ),
      (["COLONIES_SERVER_PORT": ""], "COLONIES_SERVER_PORT: not set; expected the server's port"),
      (
        ["COLONIES_SERVER_PORT": "https"],
        "COLONIES_SERVER_PORT: found \"https\", expected a whole number from 1 to 65535"
      ),
      (
        ["COLONIES_SERVER_PORT": "65536"],
        "COLONIES_SERVER_PORT: found \"65536\", expected a whole number from 1 to 65535"
      ),
      (["COLONIES_API": "v2"], "COLONIES_API: found \"v2\", expected one of runtime, executor"),
      (
        ["COLONIES_API": "executor"], "COLONIES_API: executor, which needs COLONIES_COLONY_NAME to be set"
      ),
      (["COLONIES_TLS": "yes"], "COLONIES_TLS: found \"yes\", expected true or false"),
      (
        ["COLONIES_CA_FILE": "/ca"],
        "COLONIES_CA_FILE: set, but COLONIES_TLS is not true, so no certificate is checked"
      ),
      (
        ["COLONIES_TLS": "true", "COLONIES_CA_FILE": "/ca", "COLONIES_SKIP_TLS_VERIFY": "true"],
        "COLONIES_CA_FILE, COLONIES_SKIP_TLS_VERIFY: both set; expected one of them"
      ),
      (["CORES": "-1"], "CORES: found \"-1\", expected a whole number from 1 to 100000"),
      (["MEM": "1000Mi"], "MEM: found \"1000Mi\", expected a whole number from 1 to 1000000000"),
      (
        ["WORKER_GRACE_SECONDS": "30s"],
        "WORKER_GRACE_SECONDS: found \"30s\", expected a whole number from 0 to 86400"
      ),
      (
        ["WORKER_CONCURRENCY": "0"],
        "WORKER_CONCURRENCY: found \"0\", expected a whole number from 1 to 256"
      ),
      (
        ["WORKER_UNFINISHED": "retry"],
        "WORKER_UNFINISHED: found \"retry\", expected one of release, fail"
      ),
      (["COLONYID": "dev"], "COLONYID: found \"dev\", expected 64 hexadecimal digits"),
      (
        ["COLONYID": other],
        "COLONYPRVKEY: found the key of \(id), expected the key of the owner of colony \(other) (COLONYID)"
      ),
      (
        ["COLONYPRVKEY": "0x\(key)"],
        "COLONYPRVKEY: found 66 characters that are no private key, expected 64 hexadecimal digits"
      ),
      (
        ["COLONIES_COLONY_PRVKEY": other],
        "COLONYPRVKEY, COLONIES_COLONY_PRVKEY: both set, to different keys; expected one of them"
      ),
      (
        ["COLONYPRVKEY_FILE": "/key"],
        "COLONYPRVKEY, COLONYPRVKEY_FILE: both set; expected one of them"
      ),
      (
        ["COLONYPRVKEY": "", "COLONYPRVKEY_FILE": "/key"],
        "COLONYPRVKEY_FILE: cannot read \"/key\": No such file or directory"
      ),
      (
        ["COLONYPRVKEY": ""],
        "COLONYPRVKEY, COLONIES_COLONY_PRVKEY: neither set; expected the colony owner's private key, in one of "
          + "them or in the file that one of COLONYPRVKEY_FILE, COLONIES_COLONY_PRVKEY_FILE names"
      ),
      (
        ["COLONYID": ""],
        "COLONYID, COLONIES_COLONY_NAME: neither set; expected the colony's id (runtime API), its name (executor "
          + "API) or both"
      ),
      (
        ["POD_NAME": "a:b"],
        "POD_NAME: found \"a:b\", expected a name of at most 253 bytes without white space and colons"
      ),
    ] as [([String: String], String)])
  func problem(change: [String: String], problem: String) {
    let (configuration, problems) = read(Self.tutorial.merging(change) { $1 })
    #expect(configuration == nil)
    #expect(problems == [problem])
    #expect(!problems.joined().contains(Self.key))
  }

  @Test("all problems are reported together, and no key with them")
  func together() {
    var reader = EnvironmentReader(["COLONYPRVKEY": "secret", "COLONIES_TLS": "1", "LOG_LEVEL": "loud"])
    _ = Logger(label: "test", reading: &reader)
    #expect(WorkerConfiguration(reading: &reader, program: "worker", executorType: "x") == nil)
    let text = EnvironmentError(reader.problems).description
    #expect(text.split(separator: "\n").count == 6)
    #expect(!text.contains("secret"))
    #expect(
      text.hasPrefix(
        "LOG_LEVEL: found \"loud\", expected one of trace, debug, info, notice, warning, error, critical\n"))
  }

  @Test("what is quoted stays on one line and is not too long")
  func quoting() {
    let reader = EnvironmentReader([:])
    #expect(reader.quoted("a\n\"b\"") == #""a\n\"b\"""#)
    #expect(reader.quoted(String(repeating: "x", count: 100)).count == 67)
  }
}
