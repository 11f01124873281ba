import Colonies
import GRDB
import JSON
import Testing

@testable import ColoniesServer

@Suite("What the store finds", .timeLimit(.minutes(10)))
struct StoreTests {
  @Test func aProcessIsFoundByItsWholeID() async throws {
    let server = try await TestServer()
    let worker = try await TestColony(server).worker("w")
    let id = try await worker.submit().id
    #expect(ProcessID.sequence(id) == 1)
    #expect(try await worker.get(id).id == id)
    let sameNumber = String(repeating: "0", count: 48) + id.suffix(16)
    for other in [sameNumber, String(id.dropFirst()), "", String(repeating: "f", count: 64)] {
      await #expect(throws: Refusal(status: 404, message: "Failed to get process, process not found")) {
        _ = try await worker.get(other)
      }
    }
    await server.stop()
  }

  @Test("ids hold the sequence number", arguments: [1, 255, 256, 1 << 40, Int64.max])
  func sequence(number: Int64) {
    let id = ProcessID.make(sequence: number)
    #expect(id.utf8.count == 64 && ProcessID.sequence(id) == number)
    #expect(ProcessID.make(sequence: number) != id)
  }

  @Test func anAttributeIsFoundAmongManyProcesses() async throws {
    let server = try await TestServer()
    let worker = try await TestColony(server).worker("w")
    var processes: [Colonies.Process] = []
    for index in 0..<200 {
      processes.append(try await worker.submit { $0.environment = ["index": "\(index)"] })
    }
    for process in [processes[0], processes[63], processes[64], processes[199]] {
      let attribute = try #require(process.attributes.first)
      let found = try await server.send(.getAttribute(id: attribute.id), .executor, worker.key)
      #expect(found["value"]?.string == attribute.value && found["targetid"]?.string == process.id)
    }
    await #expect(throws: Refusal(status: 404, message: "Attribute does not exists")) {
      try await server.send(.getAttribute(id: String(repeating: "0", count: 64)), .executor, worker.key)
    }
    await server.stop()
  }

  @Test func anotherVersionsDatabaseIsRefused() async throws {
    let server = try await TestServer()
    let path = server.directory + "/other.sqlite"
    let other = try DatabaseQueue(path: path)
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { try $0.execute(sql: "CREATE TABLE colony (id TEXT)") }
    try migrator.migrate(other)
    try other.close()
    #expect {
      _ = try QueueStore(path: path)
    } throws: { error in
      "\(error)" == "\(path): another version of the server made this database"
    }
    await server.stop()
  }
}
