import Colonies
import ColoniesClient
import Foundation
import HTTPTransport
import JSON
import TestSupport
import Testing

/// A client that others wrote, which knows nothing of this server.
@Suite("pycolonies", .timeLimit(.minutes(10)))
struct PycoloniesTests {
  @Test("A whole session of pycolonies goes as with any other server")
  func session() async throws {
    let directory = TemporaryDirectory()
    let (server, endpoint) = try await TestServer.started(directory: directory.file("data"))
    let keyFile = directory.file("server.key")
    try TestServer.ownerKey.hexadecimal.write(toFile: keyFile, atomically: true, encoding: .utf8)
    let script = try ChildProcess(
      [
        // Isolated, as another module of the same name may be in PYTHONPATH.
        try PythonEnvironment.interpreter(), "-I", PythonEnvironment.resource("pycolonies_session.py"),
        endpoint.host, "\(endpoint.port)", keyFile,
      ], logFile: directory.file("session.log"))
    // The script ends by itself in any case.
    let exit = await script.exit()
    try #require(exit == .code(0), "\(script.log)\n\(server.process.log)")
    let lastLine = script.log.split(separator: "\n").last ?? ""
    let summary = try JSONValue(parsing: lastLine.utf8)

    let requirements = try String(
      contentsOfFile: PythonEnvironment.resource("requirements.txt"), encoding: .utf8)
    let version = try #require(summary["pycolonies"]?.string)
    #expect(
      requirements.split(separator: "\n").contains("pycolonies==\(version)"),
      "the Python environment is not the one that hack/setup --tests makes")
    #expect(summary["executors"] == ["worker": 1, "other": 1])
    #expect(summary["output"] == ["sum", 55, .number("1.5")])
    #expect(summary["attributes"] == ["stage": "half ½"])
    #expect(summary["log"] == ["began\n", "<half> & å世\n", "done\n"])
    #expect(summary["errors"] == ["the disk is full"])
    #expect(
      summary["listed"] == [
        "waiting": ["second"], "running": ["first"], "successful": ["wait", "work"], "failed": ["fail"],
      ])
    #expect(try #require(summary["emptyPollSeconds"]?.double) >= 1)
    #expect(
      try statistics(summary["statistics"])
        == Statistics(
          waiting: 1, running: 1, successful: 2, failed: 1, colonies: 1, executors: 2, activeExecutors: 2))
    let atTheEnd = try statistics(summary["statisticsAtTheEnd"])
    #expect(
      atTheEnd
        == Statistics(
          successful: 3, failed: 1, colonies: 1, executors: 2, activeExecutors: 1, unregisteredExecutors: 1))
    try checkRefusals(try #require(summary["refusals"]?.object))

    // What the other client says it did is what ours sees.
    let transport = try HTTPTransport()
    defer { transport.shutdown() }
    let client = ColoniesClient(endpoint: endpoint, transport: transport)
    let ours = try await client.serverStatistics(key: TestServer.ownerKey)
    #expect(ours.successful == atTheEnd.successful && ours.failed == atTheEnd.failed && ours.waiting == 0)
    #expect(try await client.colonies(key: TestServer.ownerKey).map(\.name) == ["pycolonies"])
    #expect(await server.stop() == .code(0))
  }

  private func statistics(_ json: JSONValue?) throws -> Statistics {
    try Statistics(JSONReader(try #require(json), structure: "statistics"), api: .executor)
  }

  private func checkRefusals(_ refusals: JSONObject) throws {
    let noMember = "Access denied, not a member of Colony with name <pycolonies>"
    let expected = [
      "colony by another key": "Access denied, not server owner",
      "not approved": noMember,
      "attribute twice": "The attribute <stage> of this type already exists",
      "attribute after the end": "Failed to add attribute, process is not running",
      "log by another":
        "Failed to add log, not allowed to add log, only the assigned Executor may att logs",
      "log after the end": "Failed to set output, process is not running",
      "log too long": "Count exceeds max log count (500)",
      "closed by another":
        "Failed to close process as successful, not allowed to close process as successful",
      "closed after failing": "Tried to set failed process as successful",
      "nothing after a second": "No process available for assignment",
      "nothing at once": "No process available for assignment",
      "removed": "Failed to get process, process not found",
      "removed twice": "Failed to remove process, process is nil",
      "submitted by a stranger": noMember,
      "assigned to a stranger": noMember,
      "listed for a stranger": noMember,
      "counted for a stranger": noMember,
      "assigned to a removed executor": noMember,
      "executor by a member": "Access denied, not colony owner",
      "name taken": "Executor with name <worker> in Colony <pycolonies> already exists",
      "no timeout": "Invalid timeout value, timeout cannot be zero",
      "list too long": "Count is larger than MaxCount limit <100>",
      "unknown colony": "Colony with name <nowhere> does not exists",
      "unknown message": "invalid rpcMsg.PayloadType: getsnapshotsmsg",
    ]
    for (what, words) in expected { #expect(refusals[what]?.string == words, "\(what)") }
    // Its id is another each time.
    let twice = try #require(refusals["colony twice"]?.string)
    #expect(twice.hasPrefix("A Colony with Id <") && twice.hasSuffix("> already exists"))
    #expect(refusals.members.count == expected.count + 1)
  }
}
