import Autoscaling
import Testing

/// One kind of world, and one kind of controller in it.
struct ModelRules: Sendable, CustomTestStringConvertible {
  /// A mistake in the controller, for the checker to find.
  enum Fault: Sendable {
    /// Whether a worker is busy is read before its orders and registration.
    case busyIsReadFirst
    /// Whether a worker is busy is known from the round before.
    case noSecondLook
    /// An order counts as held once it was given.
    case ordersAreTrusted
    /// The version that the replicas are based on is not compared.
    case versionIgnored
    /// The version of a pod that the cost of a busy one is based on is not compared.
    case podVersionIgnored
  }

  let name: String
  var pods = 2
  var work: UInt8 = 1
  /// How many processes a worker works on at a time.
  var concurrency: UInt8 = 1
  /// The numbers of replicas that the scaler may want.
  var wanted: [UInt8] = [1, 2]
  /// Whether an order is the next thing that its worker takes.
  var ordersGoFirst = true
  /// Whether the target takes cheap pods first.
  var honoursCosts = true
  /// Whether busy pods are given costs.
  var costsBusyPods = false
  /// Whether the target creates pods, whose workers register some time later.
  var podsStart = true
  /// Whether somebody may set the replicas to the most at any time, as a scaler does at once when there is more work.
  var growsAtOnce = false
  /// Whether orders end by themselves.
  var ordersEnd = false
  /// Whether something may happen between the two readings of a round.
  var readsApart = false
  /// How many requests may arrive late, one at a time.
  var lateRequests: UInt8 = 0
  /// Whether only costs of busy pods arrive late.
  var onlyBusyCostsAreLate = false
  /// Whether a round is over within the tick in which it began, which leaves fewer states.
  var roundsAreQuick = false
  var policy = ModelRules.policy()
  var fault: Fault?

  /// - Parameters:
  ///   - name: What is special about this world.
  ///   - change: Makes it so.
  init(_ name: String, _ change: (inout ModelRules) -> Void = { _ in }) {
    self.name = name
    change(&self)
  }

  var testDescription: String { name }

  /// One pod, which is wanted or not, and two requests that may be late.
  mutating func goesToZero() {
    pods = 1
    wanted = [0, 1]
    lateRequests = 2
  }

  /// Busy pods are given costs, one of which may be late, and no time is left for that.
  mutating func costsBusyPodsLate() {
    costsBusyPods = true
    onlyBusyCostsAreLate = true
    lateRequests = 1
    roundsAreQuick = true
    podsStart = false
  }

  /// How many ticks an order waits before it fails.
  var orderWait: UInt8 { !ordersEnd ? 1 : UInt8(policy.leaseMargin.components.seconds) }
  /// How many ticks the lease of an order has.
  var lease: UInt8 { ordersEnd ? orderWait + 1 : 1 }

  /// A deadline that never comes.
  static let never: Duration = .seconds(100)

  /// The real policy, with a second for a tick.
  ///
  /// A change that was decided now arrives within the next tick but one, is seen and carried out within the tick
  /// after that, and that many ticks of a lease must be left.
  static func policy(
    cordon: ScaleInPolicy.Cordon = .drain, victims: ScaleInPolicy.VictimOrder = .deletionCost,
    settle: Int = 1, requestDeadline: Int = 0, leaseMargin: Int = 3, removalDeadline: Int? = nil,
    givesUp: Bool = false
  ) -> ScaleInPolicy {
    ScaleInPolicy(
      cordon: cordon, victims: victims, settle: .seconds(settle),
      cordonDeadline: givesUp ? .seconds(2) : never, attemptDeadline: givesUp ? .seconds(4) : never,
      retryAfter: .seconds(1), requestDeadline: .seconds(requestDeadline),
      leaseMargin: .seconds(leaseMargin), removalDeadline: removalDeadline.map { .seconds($0) } ?? never)
  }
}
