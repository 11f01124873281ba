internal import Glibc
internal import Locking

/// Shows on a terminal's standard error how far a long calculation is; elsewhere it does nothing.
final class ProgressBar: Sendable {
  private struct State: Sendable {
    /// How far each part is, from 0 to 1.
    var parts: [Double]
    var shownAt: ContinuousClock.Instant
    var isShown = false
  }

  private let title: String
  private let isEnabled: Bool
  private let state: Locked<State>

  private static let interval = Duration.milliseconds(200)
  private static let width = 30

  /// - Parameter parts: How many parts there are, all of the same length.
  init(_ title: String, parts: Int) {
    self.title = title
    isEnabled = isatty(STDERR_FILENO) == 1
    state = Locked(State(parts: Array(repeating: 0, count: max(parts, 1)), shownAt: .now))
  }

  /// Notes how far a part is, and shows it from time to time.
  func advance(_ part: Int, to share: Double) {
    guard isEnabled else { return }
    let all = state.withLock { state -> Double? in
      if state.parts.indices.contains(part) { state.parts[part] = min(max(share, 0), 1) }
      guard state.shownAt.duration(to: .now) >= Self.interval else { return nil }
      state.shownAt = .now
      state.isShown = true
      return state.parts.reduce(0, +) / Double(state.parts.count)
    }
    guard let all else { return }
    let filled = Int(all * Double(Self.width))
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
    show("\r\(title) [\(bar)] \(Int(all * 100)) %")
  }

  /// Takes it off the terminal.
  func end() {
    guard state.withLock({ $0.isShown }) else { return }
    show("\r\u{1b}[K")
  }

  private func show(_ text: String) {
    // There is nowhere to say that standard error is closed.
    _ = Array(text.utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
