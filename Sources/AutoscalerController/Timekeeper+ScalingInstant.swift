internal import Autoscaling
internal import Timekeeping

extension Timekeeper {
  /// The present, as scaling decisions count time: from when the timekeeper was made.
  func instant() -> ScalingInstant { ScalingInstant(offset: now()) }
}
