/// Where a process is in its life. The raw values are the protocol's, the same in both APIs.
public enum ProcessState: Int, Sendable, Hashable, CaseIterable {
  case waiting = 0
  case running = 1
  case successful = 2
  case failed = 3
  /// Only in the executor API.
  case cancelled = 4

  /// Whether nothing can happen to the process any more.
  public var isTerminal: Bool { rawValue >= 2 }
}
