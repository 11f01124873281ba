internal import Autoscaling

/// Practo's worker-pod-autoscaler with its defaults (practo/k8s-worker-pod-autoscaler:
/// pkg/controller/controller.go, pkg/controller/scale_operation.go, pkg/queue/sqs.go).
///
/// A queue is polled every 20 s, and every 20 s the replicas are set from what the last poll found: ⌈messages ÷
/// target⌉, unless that is within 10 % of the replicas, and one step down by no more than `maxDisruption`. Without
/// messages the replicas go to the minimum; by the whole when no message was received for ten minutes. With
/// ``secondsToProcessOneJob`` the minimum is raised by Little's law to ⌈seconds × messages a minute ÷ 60⌉.
/// Fewer replicas are set only 600 s after the last change. At zero a long poll notices the first message at
/// once. A queue that cannot be read keeps its last number.
public struct WorkerPodAutoscalerModel: AutoscalerModel {
  /// What a report calls it.
  public var name = "WPA"
  /// `targetMessagesPerWorker`; 1 unless set.
  public var target = 1
  /// `minReplicas`.
  public var min = 0
  /// `maxReplicas`.
  public var max: Int
  /// What counts as messages.
  public var metric = QueueMetric.waitingAndRunning
  /// `secondsToProcessOneJob`; nil, as unless set, for no minimum from the rate of arrivals.
  public var secondsToProcessOneJob: Double?
  /// `maxDisruption`, as a part of the replicas; 1 unless set, which is 100 %.
  public var maxDisruption = 1.0
  /// `--sqs-short-poll-interval`.
  public var pollInterval = Duration.seconds(20)
  /// `--resync-period`.
  public var resyncPeriod = Duration.seconds(20)
  /// `--scale-down-delay-after-last-scale-activity`.
  public var scaleDownDelay = Duration.seconds(600)

  /// Changes of fewer than this part of the replicas are not made.
  private static let tolerance = 0.1

  /// What CloudWatch knows: how many messages were ever sent and received at a moment.
  private struct Sample: Sendable {
    let at: ScalingInstant
    let sent: Int
    let received: Int
  }

  private var samples: [Sample] = []
  private var messages: Int?
  /// Whether messages wait or are being worked on, by the last poll.
  private var hasMessages = false
  private var lastScaled: ScalingInstant?

  /// Creates a model with the defaults.
  public init(max: Int) { self.max = max }

  /// The poll of the queue, and the resync.
  public var loops: [AutoscalerLoop] {
    [
      AutoscalerLoop(period: pollInterval, beginsWithFirstArrival: true),
      AutoscalerLoop(period: resyncPeriod, asksQueue: false),
    ]
  }

  /// Goes through one of the loops once.
  public mutating func decide(loop: Int, _ view: AutoscalerView) -> ReplicaChange {
    if loop == 0 {
      poll(view)
      return .none
    }
    guard let messages else { return .none }
    let current = view.wantedReplicas
    let desired = desired(messages, current: current, at: view.now)
    guard desired != current else { return .none }
    if desired < current, let lastScaled, lastScaled.advanced(by: scaleDownDelay) >= view.now { return .none }
    lastScaled = view.now
    return .replicas(desired)
  }

  private mutating func poll(_ view: AutoscalerView) {
    guard case .reading(let reading) = view.observation else { return }
    messages = metric.value(view.observation)
    hasMessages = reading.demand > 0
    samples.append(Sample(at: view.now, sent: view.submitted, received: view.taken))
    // One sample that is old enough for both windows is kept.
    let old = samples.prefix { $0.at.advanced(by: .seconds(600)) <= view.now }.count
    if old > 1 { samples.removeFirst(old - 1) }
  }

  private func desired(_ messages: Int, current: Int, at now: ScalingInstant) -> Int {
    let rate = sentPerMinute(at: now)
    let busy = secondsToProcessOneJob.map { Int(($0 * rate / 60).rounded(.up)) } ?? 0
    let min = Swift.max(min, busy)
    guard min < max else { return max }
    let needed = messages / target + (messages % target > 0 ? 1 : 0)
    var (wanted, mostDisrupted) = (min, Int((maxDisruption * Double(current)).rounded(.up)))
    if current == 0 {
      wanted = needed
    } else if messages > 0 {
      let isTooSmall = Double(abs(needed - current)) / Double(current) <= Self.tolerance
      wanted = isTooSmall ? current : needed
    } else if busy == 0, isIdle(at: now) {
      (wanted, mostDisrupted) = (0, current)
    }
    wanted = Swift.max(wanted, current - mostDisrupted)
    return Swift.min(Swift.max(wanted, min), max)
  }

  /// Messages sent in a minute, averaged over the five minutes that ended five minutes ago.
  private func sentPerMinute(at now: ScalingInstant) -> Double {
    func sent(_ age: Duration) -> Int {
      samples.last { $0.at.advanced(by: age) <= now }?.sent ?? 0
    }
    return Double(sent(.seconds(300)) - sent(.seconds(600))) / 5
  }

  /// Whether all workers count as idle: nothing waits or runs, and nothing was received for ten minutes.
  private func isIdle(at now: ScalingInstant) -> Bool {
    guard !hasMessages, let last = samples.last else { return false }
    let before = samples.last { $0.at.advanced(by: .seconds(600)) <= now }
    return before?.received == last.received
  }

  /// Forgets what the last poll found. When it last scaled is kept in the object, and CloudWatch remembers.
  public mutating func restart() {
    messages = nil
    hasMessages = false
  }
}
