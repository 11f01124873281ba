internal import Autoscaling
internal import JSON

extension JSONValue {
  /// A duration as a number of seconds that keeps every digit.
  static func exact(_ duration: Duration) -> JSONValue { .number(duration.exactSeconds) }

  /// A moment as the number of seconds since the origin.
  static func exact(_ instant: ScalingInstant) -> JSONValue { .exact(instant.offset) }

  /// A case that comes with a value.
  static func choice(_ name: String, _ value: JSONValue) -> JSONValue { .object([(name, value)]) }
}
