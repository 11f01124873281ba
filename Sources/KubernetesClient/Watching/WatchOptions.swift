/// How a watch behaves.
public struct WatchOptions: Sendable, Hashable {
  /// The longest silence. Servers send a bookmark each minute, so that a longer one means that the connection or
  /// the server is dead: it is given up and made anew. This, and the time for one try of a request, is how long a
  /// stall may go unnoticed.
  public var idleTimeout: Duration
  /// How long one connection is used, before jitter of up to a half more. Short enough that connections spread
  /// over a cluster's API servers again after one was away.
  public var length: Duration
  /// The first pause after a failure, which doubles from there.
  public var firstPause: Duration
  /// The longest pause after a failure, unless the server asks for a longer one: so long after the end of an
  /// outage the objects may be unknown.
  public var longestPause: Duration
  /// The most objects that are followed.
  public var maxObjects: Int
  /// The largest event that is taken.
  public var maxEventBytes: Int

  /// Describes a watch.
  public init(
    idleTimeout: Duration = .seconds(90), length: Duration = .seconds(300),
    firstPause: Duration = .milliseconds(200), longestPause: Duration = .seconds(2),
    maxObjects: Int = 10_000,
    maxEventBytes: Int = 8 << 20
  ) {
    self.idleTimeout = idleTimeout
    self.length = length
    self.firstPause = firstPause
    self.longestPause = longestPause
    self.maxObjects = maxObjects
    self.maxEventBytes = maxEventBytes
  }
}
