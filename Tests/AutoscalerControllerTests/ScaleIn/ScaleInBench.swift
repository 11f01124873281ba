import Autoscaling
import KubernetesClient
import Locking
import PrometheusMetrics
import TestSupport
import Timekeeping

@testable import AutoscalerController

/// A scale-in that a test drives turn by turn, on a clock of its own.
final class ScaleInBench: Sendable {
  let world: ScaleInWorld
  let clock = TestClock()
  let log = TestLog()
  let target: ScaleInTarget
  private let isLeading = Locked(true)
  private let changes = Locked<[Int]>([])
  private let notes = Locked<[DecisionNote]>([])

  init(
    _ world: ScaleInWorld, cordon: ScaleInPolicy.Cordon = .drain, allowBusy: Bool = false,
    owner: Bool = false, deadline: Duration = .seconds(5),
    isServerDryRun: Bool = false
  ) throws {
    self.world = world
    var scaler = try ScalerConfiguration.sample(deadline: deadline)
    scaler.target = .scalable(
      ScaleTargetConfiguration(
        reference: ScaleTargetReference(apiVersion: "apps/v1", kind: "Deployment", name: "w"),
        namespace: "home"))
    scaler.scaleIn = ScaleInConfiguration()
    scaler.scaleIn?.cordon = cordon
    scaler.scaleIn?.allowBusy = allowBusy
    if owner { scaler.ownerCredentials = .environment("OWNER") }
    let object = ClusterObject(
      ScaleTargetConfiguration(
        reference: ScaleTargetReference(apiVersion: "apps/v1", kind: "Deployment", name: "w"),
        namespace: "home"), defaultNamespace: "home")
    target = ScaleInTarget(
      scaler, cluster: world, names: PodNames(object),
      permit: WritePermit { [isLeading] in isLeading.withLock { $0 } ? WritePermit.usualDeadline : nil },
      isServerDryRun: isServerDryRun, queue: world, time: Timekeeper(clock, wallTime: { .zero }),
      logger: log.logger, metrics: .none,
      announce: { [notes] note in notes.withLock { $0.append(note) } })
  }

  /// The numbers of replicas that were told to have been set.
  var told: [Int] { changes.withLock { $0 } }
  var announced: [DecisionNote] { notes.withLock { $0 } }

  func lead(_ isLeading: Bool) { self.isLeading.withLock { $0 = isLeading } }

  /// Decides that there should be so many replicas.
  @discardableResult
  func want(_ replicas: Int) async throws -> ScalingProgress {
    let seen = try await target.observe()
    return try await target.pursue(replicas, from: seen) { [changes] replicas in
      changes.withLock { $0.append(replicas) }
    }
  }

  /// Lets the scale-in look and act, and time pass until it would look again.
  @discardableResult
  func turn() async -> Duration {
    let rest = await target.turn()
    clock.advance(by: rest)
    return rest
  }

  /// Decides ten times that there should be so many replicas, and looks a minute after each decision.
  func lookEachMinute(wanting replicas: Int) async throws {
    for _ in 0..<10 {
      try await want(replicas)
      clock.advance(by: .seconds(60))
      await turn()
    }
  }

  /// Looks once, and does nothing.
  func look(hasUncordonable: Bool = false) async -> ScaleInSight {
    var orders: [String: KnownOrder] = [:]
    return await target.look.look(
      victims: .deletionCost, orders: &orders, lastBusy: [:], looksForOrders: false,
      hasUncordonable: hasUncordonable)
  }

  /// Decides, and looks, until there are so many pods.
  /// - Returns: Whether that came within so many turns.
  @discardableResult
  func shrink(to replicas: Int, turns: Int = 40) async throws -> Bool {
    for _ in 0..<turns {
      try await want(replicas)
      await turn()
      if world.with({ $0.pods.count }) <= replicas { return true }
    }
    return false
  }

  /// Decides that nothing is to change, and looks, until nobody is cordoned.
  @discardableResult
  func settle(turns: Int = 40) async throws -> Bool {
    for _ in 0..<turns {
      try await want(world.with { $0.replicas })
      await turn()
      let isClean = world.with { state in
        state.cordoned.isEmpty && state.pods.values.allSatisfy { $0.annotations.isEmpty }
      }
      if isClean { return true }
    }
    return false
  }

  /// What is waited for, by the names of the obstacles.
  func obstacles(_ replicas: Int) async throws -> [String] {
    guard case .underWay(let wait) = try await want(replicas) else { return [] }
    return wait.obstacles.map(\.code) + (wait.problem.map { ["problem: \($0)"] } ?? [])
  }
}
