public import ColoniesClient
public import KubernetesClient
internal import Autoscaling
internal import JSON
internal import Locking
internal import Logging
internal import Timekeeping
internal import YAML

/// What an autoscaler that was started now would do, for every scaler. Making a plan changes nothing.
public struct ScalingPlan: Sendable, Hashable {
  /// What would be done, in the order of the configuration.
  public var changes: [PlannedChange]
  /// What the autoscaler is not allowed to do, and needs; or why that could not be found out.
  public var missingPermissions: Result<[MissingPermission], KubernetesError>

  /// Reads every queue and every target once, and decides.
  /// - Parameters:
  ///   - client: The cluster's client, or why there is none.
  ///   - recorder: Where every decision is written; nil for nowhere.
  ///   - makeClient: Makes the client for a Colonies server.
  public static func make(
    _ configuration: AutoscalerConfiguration, cluster: ClusterAccess?, permissions: RequiredPermissions?,
    recorder: DecisionRecorder? = nil, clock: some Clock<Duration> = ContinuousClock(),
    makeClient: @escaping @Sendable (ServerConfiguration) throws -> ColoniesClient
  ) async -> ScalingPlan {
    let time = Timekeeper(clock)
    let quiet = Logger(label: "plan") { _ in SwiftLogNoOpLogHandler() }
    let cluster = cluster.map { Cluster($0, time: time, logger: quiet) }
    return await withTaskGroup(of: Void.self) { group in
      if let cluster {
        await cluster.view.follow(Set(configuration.scalers.compactMap { cluster.object($0) }))
        group.addTask { await cluster.view.run() }
      }
      defer { group.cancelAll() }
      let news = await observe(configuration, time, makeClient)
      var changes: [PlannedChange] = []
      for scaler in configuration.scalers {
        let news = news[scaler.name] ?? QueueNews(count: scaler.queues.count)
        changes.append(await change(scaler, news, cluster, recorder, time))
      }
      guard let cluster, let permissions else {
        return ScalingPlan(changes: changes, missingPermissions: .success([]))
      }
      do throws(KubernetesError) {
        return ScalingPlan(
          changes: changes, missingPermissions: .success(try await permissions.missing(cluster.client)))
      } catch {
        return ScalingPlan(changes: changes, missingPermissions: .failure(error))
      }
    }
  }

  /// Reads every queue once, and how long processes take where that matters.
  private static func observe(
    _ configuration: AutoscalerConfiguration, _ time: Timekeeper,
    _ makeClient: @escaping @Sendable (ServerConfiguration) throws -> ColoniesClient
  ) async -> [String: QueueNews] {
    let news = Locked(
      configuration.scalers.reduce(into: [String: QueueNews]()) {
        $0[$1.name] = QueueNews(count: $1.queues.count)
      })
    await withTaskGroup(of: Void.self) { group in
      for (address, queues) in configuration.queues {
        let reader = ColoniesQueueReader(address, metrics: .none, makeClient: makeClient)
        let poller = QueuePoller(
          address: address, reader: reader, interval: .zero, longestPause: .zero,
          subscribers: queues.map { queue in
            QueuePoller.Subscriber(
              executorType: queue.executorType, givesOrders: queue.scaler.givesOrders
            ) { observation in
              news.withLock { $0[queue.scaler.name]?.take(observation, queue: queue.index) }
            }
          }, time: time)
        group.addTask { await poller.poll() }
        let measuring = ServiceTimesPoller(
          address: address, reader: reader,
          subscribers: queues.filter { !$0.scaler.policy.objectives.isEmpty }.map { queue in
            ServiceTimesPoller.Subscriber(executorType: queue.executorType) { observation in
              news.withLock { $0[queue.scaler.name]?.serviceTimes[queue.index] = observation }
            }
          }, time: time)
        group.addTask { await measuring.poll() }
      }
    }
    return news.withLock { $0 }
  }

  private static func change(
    _ scaler: ScalerConfiguration, _ news: QueueNews, _ cluster: Cluster?, _ recorder: DecisionRecorder?,
    _ time: Timekeeper
  ) async -> PlannedChange {
    let object = cluster?.object(scaler)
    let target: String
    let outcome: PlannedChange.Outcome
    do throws(TargetError) {
      let seen: TargetObservation
      var looked: (any ScalingTarget)?
      switch scaler.target {
      case .localProcesses:
        target = "local processes"
        // They are started by the autoscaler itself, so at its start there are none.
        seen = TargetObservation(replicas: 0, ready: 0, revision: TargetRevision(value: ""), pause: nil)
      case .scalable(let configuration):
        target = object.map { "\($0)" } ?? "\(configuration)"
        guard let cluster, let object else {
          throw TargetError(.unavailable, "there is no cluster to look at")
        }
        let scaled = cluster.target(object)
        seen = try await scaled.observe()
        looked = scaled
      }
      let made = await scaler.policy.decide(
        news, on: seen, of: looked, pause: scaler.pause, state: ScalerState(), time)
      let decision = made.decision
      var recording = recorder.map { ScalerRecorder($0, scaler: scaler.name) }
      recording?.record(decision, made.input, policy: scaler.policy, at: made.at)
      outcome = .decision(decision.explanation)
    } catch {
      outcome = .failure(error.message)
    }
    return PlannedChange(scaler: scaler.name, target: target, outcome: outcome)
  }
}

extension ScalingPlan {
  /// Whether anything would be changed.
  public var hasChanges: Bool { changes.contains(where: \.isChange) }

  /// Whether something could not be read, or is not allowed, or nobody knows whether it is.
  public var hasFailures: Bool { changes.contains(where: \.isFailure) || missingPermissions != .success([]) }

  /// The plan for machines, as JSON text: `{"changes":[…],"missingPermissions":[…],"permissionsError":null}`.
  public var jsonText: String { json.text(.indented(2)) }

  /// The plan for machines, as YAML text.
  public var yamlText: String { json.yaml }

  private var json: JSONValue {
    var missing = JSONValue.null
    var error = JSONValue.null
    switch missingPermissions {
    case .success(let permissions): missing = .array(permissions.map(\.json))
    case .failure(let failure): error = .string("\(failure)")
    }
    return .object([
      ("changes", .array(changes.map(\.json))), ("missingPermissions", missing), ("permissionsError", error),
    ])
  }
}

extension MissingPermission {
  fileprivate var json: JSONValue {
    .object([
      ("namespace", .string(namespace)), ("apiGroups", .strings([rule.group])),
      ("resources", .strings([rule.resource])), ("resourceNames", .strings(rule.names)),
      ("verbs", .strings(rule.verbs)), ("purpose", .string(rule.purpose)),
    ])
  }
}
