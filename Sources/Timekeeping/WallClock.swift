private import Glibc

/// The clock on the machine's wall, which people and time servers set.
package enum WallClock {
  /// The time since the beginning of 1970, UTC.
  package static func now() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
