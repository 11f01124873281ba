import Colonies
import Foundation
import JSON
import Logging

@testable import ColoniesServer

/// An engine over a real database in a folder of its own, with a clock that stands still until it is moved.
final class TestServer: Sendable {
  let engine: QueueEngine
  let handler: RequestHandler
  let clock: TestClock
  let directory: String
  static let serverKey = PrivateKey()

  init(
    serverID: String = serverKey.id, defaultAPI: API = .executor, limits: ServerLimits = ServerLimits(),
    directory: String? = nil, allowsReregistration: Bool = false
  ) async throws {
    self.directory = directory ?? NSTemporaryDirectory() + "colonies-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: self.directory, withIntermediateDirectories: true)
    clock = TestClock()
    engine = QueueEngine(
      store: try QueueStore(path: self.directory + "/colonies.sqlite", busyTimeout: 0.05), serverID: serverID,
      limits: limits,
      allowsReregistration: allowsReregistration, clock: clock.serverClock,
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    handler = RequestHandler(
      engine: engine, defaultAPI: defaultAPI, limits: limits, clock: clock.serverClock)
    try await engine.start()
  }

  /// Lets time pass, and what is due happen.
  func advance(_ duration: Duration) async {
    clock.advance(duration)
    await engine.tick()
    // What is due is entered for the next commit; this returns behind it.
    try? await engine.commit([])
  }

  func stop() async {
    await engine.stop()
    try? FileManager.default.removeItem(atPath: directory)
  }

  /// Answers a body. While the answer waits for work, time passes.
  func answer(_ body: [UInt8]) async throws(Refusal) -> ReplyEnvelope {
    let call = try await handler.read(body)
    guard call.mayWait else { return try await handler.perform(call).envelope }
    let answer = Task { () -> Result<ReplyEnvelope, Refusal> in
      do throws(Refusal) {
        return .success(try await handler.perform(call).envelope)
      } catch {
        return .failure(error)
      }
    }
    let time = Task {
      while !Task.isCancelled {
        if await !engine.waiters.isEmpty { await advance(.milliseconds(500)) }
        await Task.yield()
      }
    }
    defer { time.cancel() }
    return try await answer.value.get()
  }

  /// Sends a request as a client does, through envelope and signature.
  @discardableResult
  func send(_ request: Request, _ api: API, _ key: PrivateKey?) async throws -> JSONValue {
    let body = request.envelope(api, signedWith: key)?.encoded() ?? []
    let (envelope, _) = try await handler.perform(try await handler.read(body))
    return try JSONValue(parsing: envelope.message)
  }

  func sendProcess(_ request: Request, _ api: API, _ key: PrivateKey) async throws -> Colonies.Process {
    try Colonies.Process(JSONReader(try await send(request, api, key), structure: "process"), api: api)
  }
}

/// Time that only a test moves.
final class TestClock: Sendable {
  private let time = NSLockedTime()

  var serverClock: ServerClock {
    ServerClock(
      now: { [time] in time.now },
      // Never ends by itself: a test calls `tick`.
      sleep: { _ in try await Task.sleep(for: .seconds(86_400)) })
  }

  func advance(_ duration: Duration) { time.advance(duration) }
}

private final class NSLockedTime: @unchecked Sendable {
  // Sendable because every access holds the lock.
  private let lock = NSLock()
  private var value = Timestamp(nanoseconds: 1_795_000_000_000_000_000)

  var now: Timestamp {
    lock.withLock {
      // No two moments are the same, as with a real clock.
      value = value + .microseconds(1)
      return value
    }
  }

  func advance(_ duration: Duration) { lock.withLock { value = value + duration } }
}
