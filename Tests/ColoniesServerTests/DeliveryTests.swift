import HTTPTypes
import HummingbirdCore
import Locking
import NIOCore
import Testing

@testable import ColoniesServer

@Suite("Delivering an assignment", .timeLimit(.minutes(10))) struct DeliveryTests {
  @Test(
    "takes the process back only if nothing was sent",
    arguments: [
      (Connection.open, false), (.closedBefore, true), (.closedBehind, false),
    ])
  func delivery(connection: Connection, isTakenBack: Bool) async {
    var writer: any ResponseBodyWriter = Writer(connection: connection)
    let takenBack = Locked(false)
    do {
      try await ServerResponder.write([1, 2, 3], to: &writer) { takenBack.withLock { $0 = true } }
      #expect(connection == .open)
    } catch {
      #expect(connection != .open)
    }
    #expect(takenBack.withLock { $0 } == isTakenBack)
  }

  /// When a worker's connection ends.
  enum Connection {
    case open
    /// Before the reply is written.
    case closedBefore
    /// Behind the reply's last byte.
    case closedBehind
  }

  private struct Writer: ResponseBodyWriter {
    let connection: Connection

    struct Closed: Error {}

    mutating func write(_ buffer: ByteBuffer) async throws {
      if connection == .closedBefore { throw Closed() }
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
      if connection == .closedBehind { throw Closed() }
    }
  }
}
