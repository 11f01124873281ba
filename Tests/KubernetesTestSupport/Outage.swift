/// How a program is away for a while.
package enum Outage: Sendable, Hashable, CaseIterable {
  /// It stands still: connections are accepted by the system, and nothing is ever answered.
  case frozen
  /// It is killed: connections break, and new ones are refused.
  case killed
}
