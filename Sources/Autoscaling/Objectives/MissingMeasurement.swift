/// Something that an objective needs to be reckoned with and that is not known.
public enum MissingMeasurement: Sendable, Hashable {
  /// Service times were not asked for yet.
  case serviceTimesPending
  /// Service times could not be read, and never were.
  case serviceTimesFailed(String)
  /// No process has finished yet.
  case nothingFinished
  /// Arrivals were not counted for a whole window yet; `until` is when they will be.
  case arrivalsPending(until: ScalingInstant?)
  /// Arrivals cannot be counted: the server does not count the processes of this queue by themselves.
  case arrivalsNotCounted

  /// Whether it is missing only for now, so that nobody knows yet how many replicas the objective takes. Then
  /// nothing is taken away.
  public var isTemporary: Bool {
    switch self {
    case .serviceTimesPending, .serviceTimesFailed, .arrivalsPending: true
    case .nothingFinished, .arrivalsNotCounted: false
    }
  }

  /// A stable name for logs and JSON.
  public var code: String {
    switch self {
    case .serviceTimesPending: "serviceTimesPending"
    case .serviceTimesFailed: "serviceTimesFailed"
    case .nothingFinished: "nothingFinished"
    case .arrivalsPending: "arrivalsPending"
    case .arrivalsNotCounted: "arrivalsNotCounted"
    }
  }
}
