/// The main reason for the number of replicas that was decided.
///
/// Raw values are stable: they are the reasons of Events, the labels of metrics and the codes in logs.
public enum ScalingReason: String, Sendable, Hashable, CaseIterable, Codable {
  /// Up: demand needs more replicas.
  case scaledUp = "ScaledUp"
  /// Up: fewer than the minimum were wanted.
  case raisedToMinimum = "RaisedToMinimum"
  /// Up: the queue stayed unknown, and the fallback is higher.
  case fallbackRaised = "FallbackRaised"
  /// Down: a lower demand lasted for the keep-alive window.
  case scaledDown = "ScaledDown"
  /// Down: more than the maximum were wanted.
  case loweredToMaximum = "LoweredToMaximum"
  /// Down: the queue stayed unknown, and the fallback is lower and may lower.
  case fallbackLowered = "FallbackLowered"
  /// Hold: demand needs just as many.
  case steady = "Steady"
  /// Hold: demand needs more than the maximum.
  case atMaximum = "AtMaximum"
  /// Hold: more are needed, but some that are wanted already cannot start.
  case capacityShort = "CapacityShort"
  /// Hold: demand needs fewer than the minimum.
  case atMinimum = "AtMinimum"
  /// Hold: demand needs fewer, but not for the whole keep-alive window.
  case keepAlive = "KeepAlive"
  /// Hold: demand needs fewer, but part of the keep-alive window was not observed.
  case windowNotObserved = "WindowNotObserved"
  /// Hold: demand needs another number, but too near to this one.
  case withinTolerance = "WithinTolerance"
  /// Hold: demand needs more, but not for the whole stabilization window.
  case stabilizing = "Stabilizing"
  /// Hold: as much as the rates of change allow was changed already.
  case rateLimited = "RateLimited"
  /// Hold: as many changes as an hour may have were made already.
  case budgetUsedUp = "BudgetUsedUp"
  /// Hold: changes in this direction are disabled.
  case directionDisabled = "DirectionDisabled"
  /// Hold: demand needs fewer, and idle workers are being taken away, or none may go yet.
  case scalingIn = "ScalingIn"
  /// Hold: the reading says only how much demand there is at least.
  case demandIsLowerBound = "DemandIsLowerBound"
  /// Hold: something that an objective needs is not measured yet.
  case measurementPending = "MeasurementPending"
  /// Hold: there was no reading yet.
  case readingPending = "ReadingPending"
  /// Hold: the reading failed.
  case readingFailed = "ReadingFailed"
  /// Hold: the reading is too old, or from the future.
  case readingStale = "ReadingStale"
  /// Hold: the reading is not believed before a second one agrees.
  case readingSuspicious = "ReadingSuspicious"
  /// Hold: the queue stayed unknown, and the fallback is no higher and may not lower.
  case fallbackHeld = "FallbackHeld"
  /// Hold: a person paused the scaler.
  case paused = "Paused"
  /// Hold: another autoscaler scales the target.
  case ownedByOther = "OwnedByOther"
}
