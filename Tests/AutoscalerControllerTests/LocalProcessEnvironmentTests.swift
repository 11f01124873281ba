import Colonies
import ColoniesClient
import TestSupport
import Testing

@testable import AutoscalerController

@Suite("Variables of worker processes")
struct LocalProcessEnvironmentTests {
  private let folder = TemporaryDirectory()

  private func variables(
    _ local: LocalProcessConfiguration, change: (inout ScalerConfiguration) -> Void = { _ in }
  ) throws -> [String: String?] {
    var scaler = try ScalerConfiguration.sample()
    change(&scaler)
    return try LocalProcessEnvironment(scaler, local).variables(worker: "fib-1-abc", stateFile: "/tmp/s.json")
  }

  @Test("a worker is told who it is and where its queue is; what would mislead it is taken away")
  func queue() throws {
    #expect(
      try variables(LocalProcessConfiguration(command: ["w"], gracePeriod: .seconds(20))) == [
        "COLONIES_SERVER_HOST": "localhost", "COLONIES_SERVER_PORT": "50080", "COLONIES_TLS": "false",
        "COLONIES_CA_FILE": nil, "COLONIES_SKIP_TLS_VERIFY": nil, "COLONIES_API": nil,
        "COLONYID": nil,
        "COLONIES_COLONY_NAME": "dev", "COLONIES_EXECUTOR_TYPE": "fibonacci", "WORKER_GRACE_SECONDS": "19",
        "COLONIES_EXECUTOR_NAME": "fib-1-abc", "WORKER_STATE_FILE": "/tmp/s.json",
      ])
  }

  @Test(
    "a worker speaks the API that the server is said to have",
    arguments: [(nil, "id", "dev"), (.runtime, "id", nil), (.executor, nil, "dev")]
      as [(API?, String?, String?)])
  func api(api: API?, id: String?, name: String?) throws {
    let variables = try variables(LocalProcessConfiguration(command: ["w"])) {
      $0.server.api = api
      $0.server.endpoint.usesTLS = true
      $0.server.authorities = "/ca.pem"
      $0.colony = ColonyReference(id: "id", name: "dev")
    }
    #expect(variables["COLONYID"] == .some(id) && variables["COLONIES_COLONY_NAME"] == .some(name))
    #expect(variables["COLONIES_API"] == .some(api?.rawValue))
    #expect(variables["COLONIES_TLS"] == "true" && variables["COLONIES_CA_FILE"] == "/ca.pem")
  }

  @Test("the configuration's variables win over the file's, and the file's over the queue's")
  func precedence() throws {
    let file = folder.write(
      "# secrets\n\nA=1\nB= 2=3\nCOLONIES_TLS=maybe\n", to: "env")
    let variables = try variables(
      LocalProcessConfiguration(command: ["w"], environment: ["A": "x"], environmentFile: file))
    #expect(variables["A"] == "x" && variables["B"] == " 2=3" && variables["COLONIES_TLS"] == "maybe")
  }

  @Test("a file that cannot be used is told by its line, without what it says")
  func badFile() throws {
    let file = folder.write("A=1\nsecret\n", to: "env")
    #expect(throws: EnvironmentFileError(description: "\(file):2: must be NAME=value")) {
      try variables(LocalProcessConfiguration(command: ["w"], environmentFile: file))
    }
    #expect(throws: EnvironmentFileError(description: "/no/file: cannot be read: No such file or directory"))
    {
      try variables(LocalProcessConfiguration(command: ["w"], environmentFile: "/no/file"))
    }
  }
}

@Suite("Keys")
struct KeySourceTests {
  private let folder = TemporaryDirectory()
  private let key = "6d2fb6f546bacfd98c68769e61e0b44a697a30596c018a50e28200aa59b01c0a"

  @Test("a key is read each time, with white space around it")
  func file() throws {
    let path = folder.write("  \(key)\n", to: "key")
    #expect(try KeySource.file(path).load() == PrivateKey(hexadecimal: key))
    let other = PrivateKey()
    folder.write(other.hexadecimal, to: "key")
    #expect(try KeySource.file(path).load() == other)
  }

  @Test("what is no key is never shown")
  func failures() {
    let path = folder.write("0123secret", to: "key")
    #expect(
      throws: KeyError(
        source: .file(path), reason: "does not hold a private key of 64 hexadecimal digits")
    ) { try KeySource.file(path).load() }
    let missing = #expect(throws: KeyError.self) { try KeySource.environment("NO_SUCH_VARIABLE").load() }
    #expect(missing?.description == "the key's environment variable NO_SUCH_VARIABLE is not set")
  }
}

@Suite("Backoff after crashes")
struct CrashBackoffTests {
  @Test("1 s, doubled up to 60 s, and from the beginning after a life of 60 s")
  func waits() {
    var backoff = CrashBackoff()
    let waits = (0..<8).map { _ in backoff.next(lifetime: .seconds(59)) }
    #expect(waits == [1, 2, 4, 8, 16, 32, 60, 60].map { .seconds($0) })
    #expect(backoff.next(lifetime: .seconds(60)) == .seconds(1))
    #expect(backoff.next(lifetime: .zero) == .seconds(2))
  }
}
