/// How long a worker that ended by itself waits before it is started again: 1 s, doubled each time up to 60 s,
/// and from the beginning after one that lived for 60 s.
struct CrashBackoff {
  static let first: Duration = .seconds(1)
  static let longest: Duration = .seconds(60)

  private var wait = Self.first

  /// The wait after a worker that lived for so long.
  mutating func next(lifetime: Duration) -> Duration {
    if lifetime >= Self.longest { wait = Self.first }
    defer { wait = min(wait * 2, Self.longest) }
    return wait
  }
}
