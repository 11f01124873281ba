import Autoscaling
import JSON
import TestSupport
import Testing

@testable import DecisionRecording

/// Scalers that decide about a random queue with every kind of trouble, and the recording of it.
struct RandomRun {
  private struct Scaler {
    var policy: ScalingPolicy
    var state = ScalerState()
    var replicas = 0
  }

  var generator: RandomRecording
  private(set) var entries: [RecordingEntry] = []
  private var scalers: [String: Scaler] = [:]
  private var now = ScalingInstant.origin
  private var waiting = 0
  private var finished = 0

  init(seed: UInt64) throws { generator = try RandomRecording(seed: seed) }

  /// The recording as a file's text.
  var text: String { String(decoding: entries.flatMap(\.line), as: UTF8.self) }

  /// A program starts.
  mutating func start() {
    entries.append(.start(RecordingStart(program: "test 1", wallTime: .seconds(1_795_417_200))))
    scalers = [:]
    now = .origin
  }

  /// A scaler begins.
  mutating func begin(_ name: String, _ policy: ScalingPolicy) {
    entries.append(.rules(RecordedRules(scaler: name, state: .new, policy: policy)))
    scalers[name] = Scaler(policy: policy, replicas: generator.random.next(in: 0...40))
  }

  /// A scaler gets other rules.
  mutating func change(_ name: String, _ policy: ScalingPolicy) {
    entries.append(.rules(RecordedRules(scaler: name, state: .kept, policy: policy)))
    scalers[name]?.policy = policy
  }

  @discardableResult
  mutating func decide(_ name: String) throws -> Decision {
    var scaler = try #require(scalers[name])
    now = now.advanced(by: generator.duration(0...9))
    let input = ScalingInput(
      observation: try observation(), otherObservations: [try observation()],
      currentReplicas: scaler.replicas,
      readyReplicas: generator.optional { $0.random.next(in: 0...scaler.replicas) },
      serviceTimes: generator.serviceTimes(), capacityShortage: generator.capacityShortage(),
      pause: generator.random.chance(5) ? ScalingPause(cause: "a person") : nil,
      wallTime: generator.random.chance(95) ? .seconds(1_795_417_200) + now.offset : nil)
    let decision = scaler.policy.decide(input, state: &scaler.state, now: now)
    entries.append(
      .decision(
        RecordedDecision(scaler: name, at: now, input: input, decision: decision.explanation.record.json)))
    scaler.replicas = generator.random.chance(90) ? decision.replicas : scaler.replicas
    scalers[name] = scaler
    return decision
  }

  private mutating func observation() throws -> QueueObservation {
    switch generator.random.next(in: 1...100) {
    case ...10: waiting = generator.random.next(in: 0...200)
    case ...50:
      let ended = min(waiting, generator.random.next(in: 0...5))
      waiting -= ended
      finished += ended
    case 51: (waiting, finished) = (0, 0)
    default: break
    }
    return switch generator.random.next(in: 1...100) {
    case ...80:
      .reading(
        try QueueReading(
          waiting: waiting, running: 0, finished: generator.random.chance(90) ? finished : nil,
          observedAt: now.advanced(by: .zero - generator.duration(0...3)),
          source: QueueSource(name: "statistics", colony: "dev"),
          exactness: generator.random.element(of: [.exact, .exact, .exact, .atMost, .atLeast])))
    case ...95: .failure(QueueFailure(failedAt: now, message: "no answer"))
    default: .pending
    }
  }
}
