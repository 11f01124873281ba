import Colonies
import Files
import TestSupport
@testable import ColoniesCLI
import Testing

@Suite("Keychain", .timeLimit(.minutes(10)))
struct KeychainTests {
  @Test("a generated key is printed and kept, for its owner only")
  func generate() async throws {
    let home = TemporaryDirectory()
    let run = try await CommandRun(["keychain", "generate"], home: home)
    let lines = run.output.split(separator: "\n")
    #expect(run.exitCode == 0)
    #expect(lines.count == 2)
    let id = String(lines[0].dropFirst("Id: ".count))
    let key = try PrivateKey(hexadecimal: String(lines[1].dropFirst("PrvKey: ".count)))
    #expect(key.id == id)
    #expect(try home.permissions(".colonies") == 0o700)
    #expect(try home.permissions(".colonies/\(id)") == 0o600)
    let file = try File.bytes("\(home.path)/.colonies/\(id)")
    #expect(
      String(decoding: file, as: UTF8.self) == key.hexadecimal, "no line end: older programs stumble on it")
  }

  @Test("COLONIES_KEYCHAIN chooses the directory")
  func chosenDirectory() async throws {
    let home = TemporaryDirectory()
    let run = try await CommandRun(
      ["keychain", "generate"], environment: ["COLONIES_KEYCHAIN": home.path + "/deep/keys"], home: home)
    #expect(run.exitCode == 0)
    #expect(try home.permissions("deep/keys") == 0o700)
  }

  @Test("a line end behind a key does not matter", arguments: ["", "\n", "\r\n", "  \n"])
  func lineEnd(_ end: String) async throws {
    let home = TemporaryDirectory()
    try home.write(TestKeys.cli.hexadecimal + end, ".colonies/\(TestKeys.cli.id)")
    let run = try await CommandRun(["keychain", "get", "--id", TestKeys.cli.id], home: home)
    #expect(run.output == TestKeys.cli.hexadecimal + "\n")
  }

  @Test("a missing key is told as in the recording 403968a5, 13")
  func missing() async throws {
    let entry = Transcript.seed.entries[13]
    let run = try await CommandRun(Array(entry.arguments.dropFirst()), environment: entry.environment)
    #expect(run.exitCode == 1)
    #expect(run.output == "")
    #expect(run.errors.hasPrefix("Error: " + entry.output))
  }

  @Test("a damaged key is told without showing what is in the file")
  func damaged() async throws {
    let home = TemporaryDirectory()
    let text = String(TestKeys.cli.hexadecimal.dropLast())
    try home.write(text, ".colonies/\(TestKeys.cli.id)")
    let run = try await CommandRun(["keychain", "get", "--id", TestKeys.cli.id], home: home)
    #expect(run.exitCode == 1)
    #expect(run.errors.contains("63 characters"))
    #expect(!run.errors.contains(text))
  }

  @Test("a file that holds another identity's key is refused")
  func wrongName() async throws {
    let home = TemporaryDirectory()
    try home.write(TestKeys.colony.hexadecimal, ".colonies/\(TestKeys.cli.id)")
    let run = try await CommandRun(["keychain", "get", "--id", TestKeys.cli.id], home: home)
    #expect(run.exitCode == 1)
    #expect(run.errors.contains("another identity"))
  }

  @Test("an id cannot lead out of the keychain", arguments: ["../../etc/passwd", "x", ""])
  func path(_ id: String) async throws {
    let run = try await CommandRun(["keychain", "get", "--id", id])
    #expect(run.exitCode == 1)
    #expect(run.errors.contains("is not the id"))
  }
}
