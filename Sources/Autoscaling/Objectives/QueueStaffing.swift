internal import Glibc

/// How many servers, each of which works on one process at a time, a steady stream of arrivals takes, so that few of
/// them wait for long.
///
/// Offered load by Little's law (Little 1961, L = λW): R = arrivals a second × service time is how many servers
/// are busy on average. More than that are needed for few to wait: n = R + β√R, by the square-root staffing rule
/// of Halfin and Whitt (1981, "Heavy-Traffic Limits for Queues with Many Exponential Servers", Operations
/// Research 29), who give the part of arrivals that wait at all, 1 ÷ (1 + β Φ(β) ÷ φ(β)). Of those that wait, the
/// part e^(−(n − R) t ÷ S) waits longer than t, where S is the service time.
///
/// All of it is meant for arrivals that do not depend on each other, and service times that vary about as much as
/// they are long.
public struct QueueStaffing: Sendable, Hashable {
  /// R: how many servers the arrivals keep busy on average.
  public let load: Double
  /// n: enough servers.
  public let servers: Int
  /// β: how far ``servers`` is above ``load``, in square roots of it; nil when the load is 0.
  public let beta: Double?
  /// The part of arrivals that wait longer than the time allowed; 0 to 1.
  public let late: Double

  /// The part of arrivals that must not wait longer than the time allowed.
  public static let confidence = 0.95

  /// The fewest servers with which at most 1 − ``confidence`` of the arrivals wait longer than a time.
  ///
  /// - Parameters:
  ///   - load: Below 1,000,000,000; 0 or more.
  ///   - wait: The time allowed, in units of the service time.
  init(load: Double, wait: Double) {
    self.load = load
    guard load > 0 else {
      servers = 0
      beta = nil
      late = 0
      return
    }
    // Too few; and enough even if the time allowed is 0: from β = 1.8 on fewer than one in twenty wait at all.
    var low = Int(load)
    var high = Int((load + 1.8 * load.squareRoot()).rounded(.up)) + 1
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if Self.late(middle, load, wait) <= 1 - Self.confidence { high = middle } else { low = middle }
    }
    servers = high
    beta = (Double(high) - load) / load.squareRoot()
    late = Self.late(high, load, wait)
  }

  private static func late(_ servers: Int, _ load: Double, _ wait: Double) -> Double {
    let spare = Double(servers) - load
    guard spare > 0 else { return 1 }
    let beta = spare / load.squareRoot()
    // Φ ÷ φ; infinite for a large β, which makes the part of those that wait 0.
    let ratio = 0.5 * erfc(-beta / 2.0.squareRoot()) / (exp(-beta * beta / 2) / (2 * Double.pi).squareRoot())
    return exp(-spare * wait) / (1 + beta * ratio)
  }
}
