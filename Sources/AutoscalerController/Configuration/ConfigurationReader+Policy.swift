internal import Autoscaling
internal import YAML

extension ConfigurationReader {
  /// The rules of a scaler, which are keys of the scaler itself.
  /// - Parameter scaleIn: Set to the keys beside those of the rules that say how workers are taken away.
  func policy(
    _ node: StrictNode, _ scaler: inout StrictMapping, _ scaleIn: inout ScaleInKeys
  ) -> ScalingPolicy? {
    let processesPerReplica = scaler.optional("processesPerReplica").map { $0.integer() ?? 1 } ?? 1
    let combine = scaler.optional("combine")?.choice(of: QueueCombination.self)
    if scaler.keys.contains("combine"), !scaler.keys.contains("queues") {
      scaler.report("is given, but there are no queues to combine", at: "combine")
    }
    let min = scaler.optional("min").map { $0.integer() ?? 0 } ?? 0
    let max = scaler.required("max")?.integer()
    let schedules = scaler.optional("schedules").flatMap(schedules)
    let objectives = objectives(&scaler)
    let pollInterval = scaler.optional("pollInterval")?.duration() ?? .seconds(2)
    let scaleUp = scaler.optional("scaleUp").flatMap { node in node.mapping { self.behavior(&$0) } }
    var idleFor: Duration?
    let scaleDown = scaler.optional("scaleDown").flatMap { node in
      node.mapping { scaleDown in
        idleFor = scaleDown.optional("idleFor")?.duration()
        scaleIn = ScaleInKeys(reading: &scaleDown)
        return self.behavior(&scaleDown)
      }
    }
    let maxChangesPerHour = scaler.optional("maxChangesPerHour")?.integer()
    let stalenessLimit = scaler.optional("stalenessLimit")?.duration()
    let fallback = scaler.optional("fallback").flatMap(fallback)
    guard let max else { return nil }
    do {
      return try ScalingPolicy(
        processesPerReplica: processesPerReplica, combine: combine ?? .sum, min: min, max: max,
        schedules: schedules ?? [],
        objectives: objectives, pollInterval: pollInterval,
        scaleUp: scaleUp ?? ScalingBehavior(), idleFor: idleFor, scaleDown: scaleDown ?? ScalingBehavior(),
        maxChangesPerHour: maxChangesPerHour, stalenessLimit: stalenessLimit, fallback: fallback)
    } catch {
      for problem in error.problems {
        node.report(problem.message, at: problem.setting.rawValue.split(separator: ".").map(String.init))
      }
      return nil
    }
  }

  private func objectives(_ scaler: inout StrictMapping) -> ScalingObjectives {
    let drainWithin = scaler.optional("drainWithin")?.duration()
    let startWithin = scaler.optional("startWithin")?.duration()
    let concurrency = scaler.optional("concurrency").map { $0.integer() ?? 1 }
    if concurrency != nil, !scaler.keys.contains("drainWithin"), !scaler.keys.contains("startWithin") {
      scaler.report("is given, but neither drainWithin nor startWithin, which it is for", at: "concurrency")
    }
    return ScalingObjectives(
      drainWithin: drainWithin, startWithin: startWithin, concurrency: concurrency ?? 1)
  }

  // MARK: Behavior

  private func behavior(_ mapping: inout StrictMapping) -> ScalingBehavior? {
    let tolerance = mapping.optional("tolerance")?.decimal(in: ScalingBehavior.toleranceRange)
    let window = mapping.optional("stabilizationWindow")?.duration(
      in: ScalingBehavior.stabilizationWindowRange)
    let policies = mapping.optional("policies")?.list(
      count: 1...ScalingBehavior.policiesCount.upperBound, rate)
    let select = mapping.optional("select")?.choice(of: ScalingBehavior.Select.self)
    return ScalingBehavior(
      tolerance: tolerance ?? 0, stabilizationWindow: window, policies: policies ?? [], select: select ?? .max
    )
  }

  private func rate(_ node: StrictNode) -> ScalingRate? {
    node.mapping { rate in
      let type = rate.required("type")?.choice(of: ScalingRate.Kind.self)
      let value = rate.required("value")?.integer(in: ScalingRate.valueRange)
      let period = rate.required("period")?.duration(in: ScalingRate.periodRange)
      guard let type, let value, let period else { return nil }
      return ScalingRate(type, value, period: period)
    }
  }

  // MARK: Fallback

  private func fallback(_ node: StrictNode) -> FallbackPolicy? {
    node.mapping { fallback in
      let afterFailures = fallback.optional("afterFailures").map { $0.integer() ?? 3 } ?? 3
      let replicas = fallback.required("replicas")?.integer()
      let allowLowering = fallback.optional("allowLowering")?.boolean() ?? false
      return replicas.map {
        FallbackPolicy(afterFailures: afterFailures, replicas: $0, allowLowering: allowLowering)
      }
    }
  }
}
