import Colonies
import TestSupport
@testable import ColoniesCLI
import JSON
import Locking
import Testing

@Suite("colonies dev", .timeLimit(.minutes(10)))
struct DevTests {
  /// A server that keeps colonies and runtimes.
  private static func server() -> FakeServer {
    let colonies = Locked<[JSONValue]>([])
    let runtimes = Locked<[JSONValue]>([])
    return FakeServer([
      .getColonies: { _ in .array(colonies.withLock { $0 }) },
      .addColony: { asked in
        let colony = asked.message["colony"] ?? .null
        colonies.withLock { $0.append(colony) }
        return colony
      },
      .getRuntimes: { _ in .array(runtimes.withLock { $0 }) },
      .addRuntime: { asked in
        let runtime = asked.message["runtime"] ?? .null
        runtimes.withLock { $0.append(runtime) }
        return runtime
      },
      .approveRuntime: { asked in
        runtimes.withLock { list in
          list = list.map { runtime in
            guard runtime["runtimeid"] == asked.message["runtimeid"], var object = runtime.object else {
              return runtime
            }
            object.append("state", 1)
            return .object(object)
          }
        }
        return [:]
      },
    ])
  }

  private static func home() throws -> TemporaryDirectory {
    let home = TemporaryDirectory()
    try home.write(TestKeys.server.hexadecimal, ".colonies/server/server.key")
    try home.write("http://127.0.0.1:50123\n", ".colonies/server/address")
    return home
  }

  private static func variables(_ output: String) -> [String: String] {
    Dictionary(
      output.split(separator: "\n").compactMap { line in
        let pair = line.dropFirst("export ".count).split(separator: "=", maxSplits: 1)
        return line.hasPrefix("export ") && pair.count == 2 ? (String(pair[0]), String(pair[1])) : nil
      }, uniquingKeysWith: { $1 })
  }

  @Test("prints an environment with which the other commands work; twice prints the same")
  func environment() async throws {
    let home = try Self.home()
    let server = Self.server()
    let run = try await CommandRun(["dev"], server: server, home: home)
    #expect(run.exitCode == 0)
    #expect(run.errors == "")
    let variables = Self.variables(run.output)
    #expect(variables["COLONIES_SERVER_HOST"] == "127.0.0.1")
    #expect(variables["COLONIES_SERVER_PORT"] == "50123")
    #expect(variables["COLONIES_TLS"] == "false")
    #expect(variables["SERVERID"] == TestKeys.server.id)
    #expect(variables["COLONIES_COLONY_NAME"] == "dev")
    for (id, key) in [("COLONYID", "COLONYPRVKEY"), ("RUNTIMEID", "RUNTIMEPRVKEY")] {
      #expect(try PrivateKey(hexadecimal: variables[key] ?? "").id == variables[id])
      #expect(try home.permissions(".colonies/\(variables[id] ?? "")") == 0o600)
    }
    let list = try await CommandRun(
      ["runtime", "ls"], environment: variables, server: server, home: home)
    #expect(list.output.contains("| \(variables["RUNTIMEID"] ?? "") | cli  | Approved |"))
    // The server's key is in the keychain, so that SERVERID is enough.
    let colonies = try await CommandRun(["colony", "ls"], environment: variables, server: server, home: home)
    #expect(colonies.output.contains("| \(variables["COLONYID"] ?? "") | dev  |"))
    let again = try await CommandRun(["dev"], server: server, home: home)
    #expect(again.output == run.output)
    #expect(server.asked.filter { $0.type == .addColony || $0.type == .addRuntime }.count == 2)
  }

  @Test("a person who only looks is told how to take the variables over")
  func terminal() async throws {
    let run = try await CommandRun(
      ["dev"], server: Self.server(), home: try Self.home(), outputIsTerminal: true)
    #expect(run.errors.contains(#"eval "$(colonies dev)""#))
  }

  @Test("a colony whose key is elsewhere is not touched")
  func foreignColony() async throws {
    let server = FakeServer([
      .getColonies: { _ in [["colonyid": .string(TestKeys.colony.id), "name": "dev"]] }
    ])
    let run = try await CommandRun(["dev"], server: server, home: try Self.home())
    #expect(run.exitCode == 1)
    #expect(run.output == "")
    #expect(run.errors.contains("colonies dev --name"))
  }

  @Test("without a server it says how to start one")
  func noServer() async throws {
    let run = try await CommandRun(["dev"])
    #expect(run.exitCode == 1)
    #expect(run.errors.contains("colonies server start --data-dir"))
    let stopped = try await CommandRun(["dev"], home: try Self.home())
    #expect(stopped.exitCode == 1)
    #expect(stopped.errors.contains("does not run"))
    #expect(!stopped.errors.contains(TestKeys.server.hexadecimal))
  }

  @Test("names are safe for the shell")
  func quoting() async throws {
    let run = try await CommandRun(
      ["dev", "--name", "it's; rm -rf $HOME"], server: Self.server(), home: try Self.home())
    #expect(run.output.contains(#"export COLONIES_COLONY_NAME='it'\''s; rm -rf $HOME'"#))
  }
}
