import JSON
import LineLogging
import Locking
import Logging

@testable import AutoscalerController

/// Takes log lines as JSON text, and lets tests wait for the one they expect.
final class TestLog: Sendable {
  private struct State {
    var lines: [JSONValue] = []
    /// Tests that wait for a line.
    var watchers: [(matches: @Sendable (JSONValue) -> Bool, latch: Latch)] = []
  }

  private let state = Locked(State())

  /// A logger that writes everything here.
  var logger: Logger {
    var logger = Logger(label: "test") { label in
      LineLogHandler(format: .json, label: label) { self.take($0) }
    }
    logger.logLevel = .trace
    return logger
  }

  var lines: [JSONValue] { state.withLock { $0.lines } }

  /// The lines of an event so far.
  func lines(_ event: String) -> [JSONValue] { lines.filter { $0["metadata"]?["event"]?.string == event } }

  /// The messages from `info` up of an event so far.
  func messages(_ event: String) -> [String] {
    lines(event).filter { $0["level"]?.string != "debug" }.compactMap { $0["message"]?.string }
  }

  /// The first line of an event that matches, once there is one.
  @discardableResult
  func line(
    _ event: String, where matches: @escaping @Sendable (JSONValue) -> Bool = { _ in true }
  ) async throws -> JSONValue {
    let isExpected: @Sendable (JSONValue) -> Bool = {
      $0["metadata"]?["event"]?.string == event && matches($0["metadata"] ?? .null)
    }
    while true {
      let latch = Latch()
      let found = state.withLock { state -> JSONValue? in
        if let line = state.lines.first(where: isExpected) { return line }
        state.watchers.append((isExpected, latch))
        return nil
      }
      if let found { return found }
      await latch.wait()
      try Task.checkCancellation()
    }
  }

  private func take(_ bytes: [UInt8]) {
    guard let line = try? JSONValue(parsing: bytes) else { preconditionFailure("a log line must be JSON") }
    let due = state.withLock { state -> [Latch] in
      state.lines.append(line)
      let due = state.watchers.filter { $0.matches(line) }.map(\.latch)
      state.watchers.removeAll { $0.matches(line) }
      return due
    }
    for latch in due { latch.open() }
  }
}
