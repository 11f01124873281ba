/// Walks through every state that can be reached, nearest first.
///
/// States are told apart by 64-bit hashes: two of a million different states have the same hash with a probability of
/// one in thirty million, and then one of them would be left out.
struct ModelChecker {
  let rules: ModelRules
  /// The moves that lead from the beginning to a violation, the fewest there are.
  private(set) var violation: (violation: ModelViolation, moves: [ModelMove])?
  private(set) var stateCount = 0
  /// Whether there is no state that was not looked at.
  private(set) var isComplete = false
  private var edges: [(from: Int32, to: Int32, wanted: UInt8?)] = []
  private var isClean: [Bool] = []
  /// The pods and the replicas where they are the same, and nothing is left to undo.
  private var settledAt: [UInt8?] = []
  private var origins: [(state: Int32, move: UInt8)] = []

  /// Walks until there is no new state, or one violates the rules.
  init(_ rules: ModelRules, limit: Int = 5_000_000) {
    self.rules = rules
    var indices: [Int: Int32] = [rules.initial.hashValue: 0]
    var frontier = [rules.initial]
    add(rules.initial, origin: (-1, 0))
    var first: Int32 = 0
    while !frontier.isEmpty, violation == nil, stateCount <= limit {
      var next: [ModelState] = []
      for (offset, state) in frontier.enumerated() {
        let index = first + Int32(offset)
        for (number, move) in rules.moves(from: state).enumerated() {
          do throws(ModelViolation) {
            let reached = try rules.state(after: move, from: state)
            let hash = reached.hashValue
            let target: Int32
            if let known = indices[hash] {
              target = known
            } else {
              target = Int32(stateCount)
              indices[hash] = target
              add(reached, origin: (index, UInt8(number)))
              next.append(reached)
            }
            if move.isFair { edges.append((index, target, move.wanted)) }
          } catch {
            violation = (error, moves(to: index) + [move])
            return
          }
        }
      }
      first += Int32(frontier.count)
      frontier = next
    }
    isComplete = frontier.isEmpty
  }

  private mutating func add(_ state: ModelState, origin: (state: Int32, move: UInt8)) {
    stateCount += 1
    isClean.append(state.isClean)
    let isSettled =
      state.isClean && state.activePods <= state.replicas && state.seenReplicas == state.replicas
    settledAt.append(isSettled ? state.replicas : nil)
    origins.append(origin)
  }

  /// The moves that lead from the beginning to a state, the fewest there are.
  func moves(to index: Int32) -> [ModelMove] {
    var numbers: [UInt8] = []
    var index = index
    while origins[Int(index)].state >= 0 {
      numbers.append(origins[Int(index)].move)
      index = origins[Int(index)].state
    }
    var state = rules.initial
    var moves: [ModelMove] = []
    for number in numbers.reversed() {
      let move = rules.moves(from: state)[Int(number)]
      moves.append(move)
      // A walk to a state that was reached violates nothing.
      if let next = try? rules.state(after: move, from: state) { state = next }
    }
    return moves
  }

  /// The states from which no fair moves lead to where nobody is cordoned, whatever number of replicas is wanted.
  func statesCordonedForEver(wanted: UInt8) -> [Int32] { statesThatMiss(isClean, wanted: wanted) }

  /// The states from which no fair moves lead to the replicas that are wanted, with nobody cordoned.
  func statesThatNeverSettle(wanted: UInt8) -> [Int32] {
    statesThatMiss(settledAt.map { $0 == wanted }, wanted: wanted)
  }

  private func statesThatMiss(_ isGoal: [Bool], wanted: UInt8) -> [Int32] {
    let fair = edges.filter { $0.wanted == nil || $0.wanted == wanted }
    var first = Array(repeating: 0, count: stateCount + 1)
    for edge in fair { first[Int(edge.to) + 1] += 1 }
    for index in 1...stateCount { first[index] += first[index - 1] }
    var fill = first
    var sources = Array(repeating: Int32(0), count: fair.count)
    for edge in fair {
      sources[fill[Int(edge.to)]] = edge.from
      fill[Int(edge.to)] += 1
    }
    var canReach = isGoal
    var pending = isGoal.indices.filter { isGoal[$0] }
    while let state = pending.popLast() {
      for source in sources[first[state]..<first[state + 1]] where !canReach[Int(source)] {
        canReach[Int(source)] = true
        pending.append(Int(source))
      }
    }
    return canReach.indices.lazy.filter { !canReach[$0] }.map(Int32.init)
  }
}

extension ModelState {
  /// Whether nothing is left of any attempt.
  fileprivate var isClean: Bool {
    pods.allSatisfy { pod in
      pod.life == .absent
        || !(pod.isCheap || pod.isDear || pod.isMarked || pod.isRejected || pod.waitingOrder > 0
          || pod.heldOrder > 0)
    }
  }
}
