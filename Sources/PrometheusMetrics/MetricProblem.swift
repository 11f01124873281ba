/// Something in a program's use of metrics that cannot be shown.
package struct MetricProblem: Hashable, Sendable, CustomStringConvertible {
  package enum Reason: String, Hashable, Sendable {
    /// The family has another type already; the first one counts.
    case type
    /// The family's samples would have the names of another family's.
    case name
    /// The family has as many series as it may have.
    case limit
    /// The family was described with other buckets after its first use.
    case buckets
  }

  /// The family's name in the exposition.
  package let family: String
  package let reason: Reason

  package var description: String {
    switch reason {
    case .type: "the metric \(family) is in use with another type"
    case .name: "the metric \(family) would write samples under the name of another metric"
    case .limit: "the metric \(family) has too many series"
    case .buckets: "the metric \(family) is in use with other buckets"
    }
  }
}
