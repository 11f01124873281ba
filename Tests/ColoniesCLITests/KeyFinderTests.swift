import Colonies
import TestSupport
@testable import ColoniesCLI
import Testing

@Suite("Which key signs", .timeLimit(.minutes(10)))
struct KeyFinderTests {
  /// Where keys are, and whose is taken. `@cli` is the key's text, `#cli` its id, `file:cli` a file with it.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var environment: [String: String] = [:]
    var keychain: [String] = []
    var id: String?
    var file: String?
    /// Whose key is found; nil is that none is.
    let found: String?
  }

  private static let keys = [
    "cli": TestKeys.cli, "fibonacci": TestKeys.fibonacci, "stranger": TestKeys.stranger,
  ]

  static let cases: [Case] = [
    Case(testDescription: "nothing is set", found: nil),
    Case(testDescription: "the variable alone", environment: ["RUNTIMEPRVKEY": "@cli"], found: "cli"),
    Case(
      testDescription: "the newer variable", environment: ["COLONIES_PRVKEY": "@cli"], found: "cli"),
    Case(
      testDescription: "the older variable first",
      environment: ["RUNTIMEPRVKEY": "@cli", "COLONIES_PRVKEY": "@stranger"], found: "cli"),
    Case(
      testDescription: "a file named by a variable", environment: ["RUNTIMEPRVKEY_FILE": "file:cli"],
      found: "cli"),
    Case(
      testDescription: "the text before the file",
      environment: ["RUNTIMEPRVKEY": "@cli", "RUNTIMEPRVKEY_FILE": "file:stranger"], found: "cli"),
    Case(
      testDescription: "the keychain by the variable's id", environment: ["RUNTIMEID": "#cli"],
      keychain: ["cli", "stranger"], found: "cli"),
    Case(
      testDescription: "the option's id before the variable's", environment: ["RUNTIMEID": "#cli"],
      keychain: ["cli", "fibonacci"], id: "#fibonacci", found: "fibonacci"),
    Case(
      testDescription: "the option's id before the variable's key",
      environment: ["RUNTIMEID": "#cli", "RUNTIMEPRVKEY": "@cli"], keychain: ["fibonacci"],
      id: "#fibonacci", found: "fibonacci"),
    Case(
      testDescription: "the option's file before everything",
      environment: ["RUNTIMEID": "#cli", "RUNTIMEPRVKEY": "@cli"], keychain: ["cli"],
      file: "file:fibonacci", found: "fibonacci"),
    Case(
      testDescription: "a variable's key of another identity is not taken",
      environment: ["RUNTIMEID": "#cli", "RUNTIMEPRVKEY": "@stranger"], found: nil),
    Case(
      testDescription: "an option's file of another identity is refused", id: "#cli", file: "file:stranger",
      found: nil),
    Case(
      testDescription: "empty variables count as none",
      environment: ["RUNTIMEPRVKEY": "", "RUNTIMEID": "", "COLONIES_PRVKEY": "@cli"], found: "cli"),
    Case(testDescription: "an id without a key", environment: ["RUNTIMEID": "#cli"], found: nil),
  ]

  @Test("an option wins over a variable, a key in hand over the keychain", arguments: cases)
  func precedence(_ test: Case) throws {
    let home = TemporaryDirectory()
    let value = { (text: String) throws -> String in
      let name = String(text.drop { $0 != ":" && $0 != "@" && $0 != "#" }.dropFirst())
      guard let key = Self.keys[name] else { return text }
      switch text.first {
      case "@": return key.hexadecimal
      case "#": return key.id
      default: return try home.write(key.hexadecimal + "\n", name + ".key")
      }
    }
    var variables = try test.environment.mapValues(value)
    variables["HOME"] = home.path
    let environment = EnvironmentVariables(variables)
    let keychain = Keychain(environment)
    for name in test.keychain { try Self.keys[name].map(keychain.add) }
    let finder = KeyFinder(environment: environment, keychain: keychain)
    let id = try test.id.map(value)
    let file = try test.file.map(value)
    if let found = test.found {
      #expect(try finder.key(.runtime, id: id, file: file) == Self.keys[found])
    } else {
      #expect(throws: CommandError.self) { try finder.key(.runtime, id: id, file: file) }
    }
  }

  @Test(
    "each role has its own variables",
    arguments: [
      (KeyRole.server, "SERVERPRVKEY"), (.server, "COLONIES_SERVER_PRVKEY"), (.colony, "COLONYPRVKEY"),
      (.colony, "COLONIES_COLONY_PRVKEY"), (.runtime, "RUNTIMEPRVKEY"), (.runtime, "COLONIES_PRVKEY"),
    ])
  func roles(role: KeyRole, variable: String) throws {
    let environment = EnvironmentVariables([variable: TestKeys.cli.hexadecimal, "HOME": "/nowhere"])
    let finder = KeyFinder(environment: environment, keychain: Keychain(environment))
    #expect(try finder.key(role, id: nil, file: nil) == TestKeys.cli)
    for other in KeyRole.allCases where other != role {
      #expect(try finder.existingKey(other, id: nil, file: nil) == nil)
    }
  }

  @Test("without a runtime's key the error says how to come by one")
  func advice() async throws {
    let home = TemporaryDirectory()
    let spec = try home.write(#"{"conditions": {"runtimetype": "fibonacci"}}"#, "process.json")
    let run = try await CommandRun(
      ["process", "submit", "--spec", spec], environment: ["COLONYPRVKEY": TestKeys.colony.hexadecimal],
      server: FakeServer([:]), home: home)
    #expect(run.exitCode == 1)
    #expect(run.errors.contains("colonies runtime register --name cli --type cli --approve"))
    #expect(!run.errors.contains(TestKeys.colony.hexadecimal))
  }

  @Test(
    "a key on the command line is refused, and not repeated",
    arguments: [
      ["--runtimeprvkey", "SECRET"], ["--serverprvkey=SECRET"], ["--colonyprvkey", "SECRET"],
      ["--executorprvkey", "SECRET"], ["--prvkey", "SECRET"],
    ])
  func commandLine(_ arguments: [String]) async throws {
    let run = try await CommandRun(["process", "psw"] + arguments)
    #expect(run.exitCode == 64)
    #expect(run.errors.contains("does not exist"))
    #expect(run.errors.contains("-file FILE"))
    #expect(!run.errors.contains("SECRET"))
    #expect(run.output == "")
  }
}
