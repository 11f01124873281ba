import TestSupport

/// How the servers of one crash test end, all of it following from a seed.
struct CrashPlan: Sendable {
  /// How one server ends.
  enum Ending: Sendable, Hashable {
    /// `kill -9`, this long after the load has begun.
    case killedUnderLoad(after: Duration)
    /// `kill -9`, this long after its start, usually before it answers.
    case killedWhileStarting(after: Duration)
    /// SIGTERM, this long after the load has begun.
    case stoppedUnderLoad(after: Duration)
  }

  let endings: [Ending]

  init(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let underLoad = (0..<10).map { _ in
      Ending.killedUnderLoad(after: .milliseconds(Int.random(in: 20...400, using: &generator)))
    }
    let whileStarting = (0..<3).map { _ in
      Ending.killedWhileStarting(after: .milliseconds(Int.random(in: 1...150, using: &generator)))
    }
    let stopped = (0..<2).map { _ in
      Ending.stoppedUnderLoad(after: .milliseconds(Int.random(in: 20...400, using: &generator)))
    }
    endings = (underLoad + whileStarting + stopped).shuffled(using: &generator)
  }
}
