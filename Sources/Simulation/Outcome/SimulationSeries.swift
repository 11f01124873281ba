/// How a simulation went over time, in a number of bins that does not depend on how long it was.
public struct SimulationSeries: Sendable, Hashable {
  /// The means within one bin, weighted by time.
  public struct Bin: Sendable, Hashable {
    /// Processes that waited.
    public var waiting = 0.0
    /// Processes that ran.
    public var running = 0.0
    /// Replicas that were wanted.
    public var wanted = 0.0
    /// Pods whose worker was ready, those on their way out left out.
    public var ready = 0.0
    /// Pods there were, those on their way out included: what is paid for.
    public var pods = 0.0
    /// Workers that had a process.
    public var busy = 0.0
    /// The most processes that waited or ran at once.
    public var highestDemand = 0

    /// What waits and what runs.
    public var demand: Double { waiting + running }
  }

  /// How much time a bin stands for; the last one may stand for less.
  public let width: Duration
  /// The bins, from the beginning of the trace on.
  public let bins: [Bin]
}
