/// One thing that happens.
enum ModelMove: Hashable {
  case tick
  case look
  /// It reads the rest and decides, while so many replicas are wanted.
  case decide(UInt8)
  /// The next action is carried out.
  case act
  /// The next action fails, and those behind it are left out.
  case fail
  /// The next action's outcome is not known.
  case linger
  case arrive
  case crash
  case lead
  case submit
  case take(Int)
  case takeWorkFirst(Int)
  case finish(Int)
  case become(Int)
  case seeReplicas
  case create(Int)
  case delete([Int])
  case tell(Int)
  case touch
  case grow

  /// Whether it happens at last, if it can again and again.
  var isFair: Bool {
    switch self {
    case .fail, .linger, .crash, .submit, .touch, .grow: false
    default: true
    }
  }

  /// How many replicas are wanted while it happens; nil where that does not matter.
  var wanted: UInt8? {
    if case .decide(let count) = self { count } else { nil }
  }
}

/// What must never happen.
enum ModelViolation: Error, Hashable {
  /// The target deletes a pod whose worker is busy.
  case deletedBusy(Int)
  /// A worker took work after its pod was deleted.
  case stoppedBusy(Int)
}

extension ModelRules {
  var initial: ModelState {
    ModelState(
      pods: Array(repeating: .idle, count: pods), replicas: UInt8(pods), seenReplicas: UInt8(pods))
  }

  /// Everything that can happen next.
  func moves(from state: ModelState) -> [ModelMove] {
    var moves = controllerMoves(from: state)
    if state.message != nil { moves.append(.arrive) }
    if state.isChangeUnderWay { moves.append(.touch) }
    if growsAtOnce, state.replicas < pods { moves.append(.grow) }
    let held = state.pods.reduce(0) { $0 + $1.work }
    if state.waitingWork + held < work { moves.append(.submit) }
    for (place, pod) in state.pods.enumerated() { moves += podMoves(from: state, place, pod) }
    if state.seenReplicas != state.replicas { moves.append(.seeReplicas) }
    moves += victims(state).map(ModelMove.delete)
    if canTick(state) { moves.append(.tick) }
    return moves
  }

  private func controllerMoves(from state: ModelState) -> [ModelMove] {
    switch state.controller {
    case .down:
      // A lease outlives every request of the one that held it.
      return state.message == nil ? [.lead] : []
    case .idle: return (readsApart ? [.look] : wanted.map(ModelMove.decide)) + [.crash]
    case .looked: return wanted.map(ModelMove.decide) + [.crash]
    case .acting(let actions):
      let isLate = !onlyBusyCostsAreLate || actions.first?.isForVersion == true
      let canLinger = isLate && state.message == nil && state.lateRequests < lateRequests
      return [.act, .fail, .crash] + (canLinger ? [.linger] : [])
    }
  }

  private func podMoves(from state: ModelState, _ place: Int, _ pod: ModelPod) -> [ModelMove] {
    var moves: [ModelMove] = []
    switch pod.life {
    case .absent:
      if podsStart, state.activePods < state.seenReplicas { moves.append(.create(place)) }
      return moves
    case .starting: moves.append(.become(place))
    case .running, .ending:
      if canTake(pod) {
        if pod.waitingOrder > 0 {
          moves.append(.take(place))
          if !ordersGoFirst, state.waitingWork > 0 { moves.append(.takeWorkFirst(place)) }
        } else if state.waitingWork > 0 {
          moves.append(.take(place))
        }
      }
      if pod.work > 0 { moves.append(.finish(place)) }
    }
    if pod.life == .ending { moves.append(.tell(place)) }
    return moves
  }

  private func canTake(_ pod: ModelPod) -> Bool {
    !pod.isRejected && pod.heldOrder == 0 && pod.work < concurrency
  }

  /// The sets of pods of which the target may delete one now.
  private func victims(_ state: ModelState) -> [[Int]] {
    let active = state.pods.indices.filter { state.pods[$0].isActive }
    let count = active.count - Int(state.seenReplicas)
    guard count > 0 else { return [] }
    return active.subsets(of: count).filter { set in
      // The target may have seen the victims at their cheapest and all others at their dearest.
      let last = set.map { rank(state.pods[$0]).lowerBound }.max() ?? 0
      return active.allSatisfy { set.contains($0) || rank(state.pods[$0]).upperBound >= last }
    }
  }

  /// How late the target takes a pod, as it may see it. Of those that are not cheap it takes any, whatever they cost.
  private func rank(_ pod: ModelPod) -> ClosedRange<Int> {
    let isReady = pod.life == .running
    var ranks: [Int] = []
    for sight in [
      (isReady, pod.isCheap), (isReady, pod.wasCheap), (pod.wasReady, pod.isCheap),
      (pod.wasReady, pod.wasCheap),
    ] {
      ranks.append((sight.0 ? 2 : 0) + (sight.1 && honoursCosts ? 0 : 1))
    }
    return (ranks.min() ?? 0)...(ranks.max() ?? 0)
  }

  /// Time does not pass by what is known to be quicker: a target deletes within the tick in which it sees that it
  /// has to, and a node tells its workers within the tick of that.
  private func canTick(_ state: ModelState) -> Bool {
    state.activePods <= state.seenReplicas && !state.pods.contains { $0.life == .ending }
  }
}

extension ModelState {
  /// Whether a change of the replicas is about to arrive.
  fileprivate var isChangeUnderWay: Bool {
    if case .setReplicas? = message?.action { return true }
    if case .acting(let actions) = controller, case .setReplicas? = actions.first { return true }
    return false
  }

  var activePods: UInt8 { pods.reduce(0) { $0 + ($1.isActive ? 1 : 0) } }
}

extension [Int] {
  func subsets(of count: Int) -> [[Int]] {
    guard count > 0 else { return [[]] }
    return indices.flatMap { index in
      Array(self[(index + 1)...]).subsets(of: count - 1).map { [self[index]] + $0 }
    }
  }
}
