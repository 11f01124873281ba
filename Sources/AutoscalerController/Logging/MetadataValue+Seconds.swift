internal import Logging

extension Logger.MetadataValue {
  /// A duration as a number of seconds, to the millisecond.
  static func seconds(_ duration: Duration) -> Self {
    .stringConvertible((duration / .milliseconds(1)).rounded() / 1_000)
  }
}
