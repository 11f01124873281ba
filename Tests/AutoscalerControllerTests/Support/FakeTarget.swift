import Autoscaling
import Locking

@testable import AutoscalerController

/// A target that does nothing but remember.
final class FakeTarget: ScalingTarget {
  private struct State {
    var replicas = 0
    var revision = 0
    var sets: [Int] = []
    var runs = 0
    /// Thrown by calls of `observe`.
    var absence: TargetError?
    /// Thrown by the next calls of `setReplicas`.
    var errors: [TargetError] = []
    var ready: Int?
    var shortage: CapacityShortage?
    var questions = 0
  }

  private let state = Locked(State())
  private let ending = Latch()

  /// All numbers that were set.
  var sets: [Int] { state.withLock { $0.sets } }
  /// How often it was run.
  var runs: Int { state.withLock { $0.runs } }
  var isEnding: Bool { ending.isOpen }

  /// How often it was asked what capacity is short.
  var questions: Int { state.withLock { $0.questions } }

  /// Lets so many replicas work, and no more because of a shortage.
  func run(short shortage: CapacityShortage, ready: Int) {
    state.withLock { state in
      state.shortage = shortage
      state.ready = ready
    }
  }

  func capacityShortage() async -> CapacityShortage? {
    state.withLock { state in
      state.questions += 1
      return state.shortage
    }
  }

  func fail(with errors: [TargetError]) { state.withLock { $0.errors = errors } }

  /// Answers no questions, or does again.
  func setAway(_ isAway: Bool) {
    state.withLock { $0.absence = isAway ? TargetError(.unavailable, "away") : nil }
  }

  /// Changes the replicas behind the autoscaler's back.
  func interfere(_ replicas: Int) {
    state.withLock { state in
      state.replicas = replicas
      state.revision += 1
    }
  }

  func run() async {
    state.withLock { $0.runs += 1 }
    await ending.wait()
  }

  func end() async { ending.open() }

  func observe() async throws(TargetError) -> TargetObservation {
    try state.withLock { (state) throws(TargetError) in
      if let absence = state.absence { throw absence }
      return TargetObservation(
        replicas: state.replicas, ready: state.ready, revision: TargetRevision(value: "\(state.revision)"))
    }
  }

  func setReplicas(_ replicas: Int, basedOn revision: TargetRevision) async throws(TargetError) {
    try state.withLock { (state) throws(TargetError) in
      if !state.errors.isEmpty { throw state.errors.removeFirst() }
      guard revision.value == "\(state.revision)" else { throw TargetError(.conflict, "changed meanwhile") }
      state.replicas = replicas
      state.revision += 1
      state.sets.append(replicas)
    }
  }
}
