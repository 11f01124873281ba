import Glibc
import Testing

@testable import Autoscaling

/// The real rules in a small world, in which everything happens in every order: the actions of a round one by one,
/// workers taking and finishing work, the target seeing late what it was told, leases ending, requests that fail or
/// arrive late, and the controller crashing at every point.
@Suite("Scale-in, in every order in which things can happen")
struct ScaleInModelTests {
  static let small = [
    ModelRules("executor API"),
    ModelRules("executor API, two readings per round") {
      $0.readsApart = true
      $0.podsStart = false
    },
    ModelRules("runtime API, two readings per round") {
      $0.ordersGoFirst = false
      $0.readsApart = true
      $0.podsStart = false
    },
    ModelRules("approval, two readings per round") {
      $0.policy = ModelRules.policy(cordon: .approval)
      $0.readsApart = true
      $0.podsStart = false
    },
    ModelRules("three pods") {
      $0.pods = 3
      $0.wanted = [2, 3]
      $0.podsStart = false
    },
    ModelRules("a target that takes any pod, known to do so") {
      $0.honoursCosts = false
      $0.policy = ModelRules.policy(victims: .unknown)
    },
    ModelRules("the replicas grow at once") {
      $0.growsAtOnce = true
      $0.podsStart = false
    },
    ModelRules("costs of busy pods, two readings per round") {
      $0.costsBusyPods = true
      $0.readsApart = true
      $0.podsStart = false
    },
    ModelRules("late costs of busy pods") { $0.costsBusyPodsLate() },
    late("late requests, to zero", cordon: .drain) { $0.goesToZero() },
    late("late requests, approval, to zero", cordon: .approval) { $0.goesToZero() },
    late("late requests, to zero, costs of busy pods", cordon: .drain) {
      $0.goesToZero()
      $0.costsBusyPods = true
    },
  ]

  /// A world in which requests may arrive after the controller has given them up.
  static func late(
    _ name: String, cordon: ScaleInPolicy.Cordon, _ change: (inout ModelRules) -> Void = { _ in }
  ) -> ModelRules {
    ModelRules(name) {
      $0.policy = ModelRules.policy(cordon: cordon, requestDeadline: 2, leaseMargin: 4)
      $0.lateRequests = 1
      $0.roundsAreQuick = true
      $0.podsStart = false
      change(&$0)
    }
  }

  static let large = [
    late("late requests", cordon: .drain),
    late("late requests, approval", cordon: .approval),
    ModelRules("late costs of busy pods, two readings per round") {
      $0.costsBusyPodsLate()
      $0.lateRequests = 2
      $0.readsApart = true
    },
    ModelRules("late costs of busy pods, approval, long rounds") {
      $0.costsBusyPodsLate()
      $0.policy = ModelRules.policy(cordon: .approval)
      $0.roundsAreQuick = false
      $0.readsApart = true
    },
    ModelRules("three pods, costs of busy pods") {
      $0.pods = 3
      $0.wanted = [2, 3]
      $0.work = 2
      $0.costsBusyPods = true
      $0.podsStart = false
    },
    ModelRules("executor API, two readings per round, pods start") { $0.readsApart = true },
    ModelRules("executor API, to zero") { $0.wanted = [0, 2] },
    ModelRules("executor API, leases end") {
      $0.ordersEnd = true
      $0.podsStart = false
    },
    ModelRules("executor API, two processes") { $0.work = 2 },
    ModelRules("executor API, two processes at a time") {
      $0.work = 2
      $0.concurrency = 2
      $0.readsApart = true
      $0.podsStart = false
    },
    ModelRules("executor API, attempts are given up") {
      $0.policy = ModelRules.policy(givesUp: true)
      $0.podsStart = false
    },
    ModelRules("three pods, two processes") {
      // Where pods that are gone do not come back, more replicas than pods must not be waited for without end.
      $0.policy = ModelRules.policy(removalDeadline: 2)
      $0.pods = 3
      $0.wanted = [1, 3]
      $0.work = 2
      $0.podsStart = false
    },
  ]

  /// What the promise depends on: without it the checker finds how a busy worker goes.
  static let faulty = [
    ModelRules("no cordon") { $0.policy = ModelRules.policy(cordon: .none) },
    ModelRules("no second look after a rejection") {
      $0.policy = ModelRules.policy(cordon: .approval)
      $0.fault = .noSecondLook
    },
    ModelRules("no second look after an order that does not go first") {
      $0.ordersGoFirst = false
      $0.fault = .ordersAreTrusted
    },
    ModelRules("busy is read before the orders") {
      $0.pods = 1
      $0.wanted = [0, 1]
      $0.ordersGoFirst = false
      $0.concurrency = 2
      $0.readsApart = true
      $0.fault = .busyIsReadFirst
    },
    ModelRules("no time for the costs to be seen") { $0.policy = ModelRules.policy(settle: 0) },
    ModelRules("costs not honoured, and not known to be") { $0.honoursCosts = false },
    ModelRules("too little left of the lease") {
      $0.policy = ModelRules.policy(leaseMargin: 2)
      $0.ordersEnd = true
    },
    ModelRules("late requests, forgotten") { $0.lateRequests = 1 },
    ModelRules("late requests, not bound to a version") {
      $0.policy = ModelRules.policy(requestDeadline: 3, leaseMargin: 4)
      $0.lateRequests = 1
      $0.fault = .versionIgnored
    },
    ModelRules("late costs of busy pods, not bound to a version") {
      $0.costsBusyPodsLate()
      $0.fault = .podVersionIgnored
    },
  ].map { rules in
    var rules = rules
    rules.podsStart = false
    return rules
  }

  /// The larger ones take minutes: they are for who changes the rules.
  static let worlds = getenv("COLONIES_MODEL") == nil ? small : small + large

  @Test("no busy worker goes, and none stays cordoned for ever", arguments: worlds)
  func check(_ rules: ModelRules) {
    let start = ContinuousClock.now
    let checker = ModelChecker(rules)
    print("\(rules.name): \(checker.stateCount) states in \(ContinuousClock.now - start)")
    // Otherwise who waits for the larger ones sees nothing for long.
    fflush(nil)
    #expect(checker.isComplete)
    if let violation = checker.violation {
      Issue.record("\(violation.violation) after \(violation.moves)")
    }
    for wanted in rules.wanted {
      check(checker.statesCordonedForEver(wanted: wanted), of: checker)
      // Where pods that are gone do not come back, the replicas cannot be what is wanted.
      if rules.podsStart { check(checker.statesThatNeverSettle(wanted: wanted), of: checker) }
    }
  }

  /// That there are no states in which something never ends.
  private func check(
    _ states: [Int32], of checker: ModelChecker, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard let first = states.first else { return }
    Issue.record(
      "\(states.count) states, such as after \(checker.moves(to: first))", sourceLocation: sourceLocation)
  }

  @Test("the checker finds what must not be left out", arguments: faulty)
  func checkFaulty(_ rules: ModelRules) { #expect(ModelChecker(rules).violation != nil) }
}
