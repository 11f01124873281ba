/// Where some of a workload's processes come from.
public struct WorkloadSource: Sendable, Hashable {
  /// The kinds of sources.
  public enum Kind: Sendable, Hashable {
    /// A table of processes, as ``ProcessTable`` says.
    case processes(file: String)
    /// A table of requests to a language model, as ``TokenTable`` says.
    case tokens(file: String, TokenTime)
    /// A table of counts, as ``CountTable`` says.
    case counts(file: String, Counts, ServiceTime)
    /// Processes that know nothing of each other.
    case poisson(perHour: Double, DailyShape?, ServiceTime)
    /// Many processes at a time.
    case bursts(Bursts, ServiceTime)
  }

  /// The kind.
  public var kind: Kind
  /// For tables: the moment that is the workload's beginning, as the table's times are written; earlier rows
  /// are left out. Nil: that of the first row.
  public var from: Duration?
  /// The type of worker that the processes ask for, where the table does not say.
  public var executorType: String

  /// The type when none is given.
  public static let usualType = "worker"

  /// Describes a source.
  public init(_ kind: Kind, from: Duration? = nil, executorType: String = Self.usualType) {
    self.kind = kind
    self.from = from
    self.executorType = executorType
  }

  /// Whether the source goes on for as long as it is asked to.
  var isEndless: Bool {
    switch kind {
    case .processes, .tokens, .counts: false
    case .poisson, .bursts: true
    }
  }
}
