/// Counts that no queue can have.
public struct QueueReadingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The number of waiting processes that was given.
  public let waiting: Int
  /// The number of running processes that was given.
  public let running: Int
  /// The number of finished processes that was given.
  public let finished: Int?

  /// The counts and what is wrong with them.
  public var description: String {
    let finished = finished.map { ", \($0) finished" } ?? ""
    return "queue counts must not be negative, got \(waiting) waiting, \(running) running\(finished)"
  }
}
