internal import Autoscaling
internal import Colonies
internal import ColoniesClient
internal import HTTPTransport
internal import JSON
internal import KubernetesClient
internal import YAML

extension AutoscalerConfiguration {
  /// What was understood, for people: a few lines for each server and scaler.
  public var summary: String {
    let servers = servers.map { "server \($0.name): \($0.summary)" }
    return (servers + scalers.flatMap(\.summaryLines)).joined(separator: "\n")
  }

  /// What was understood, for machines, as JSON text: `{"valid":true,"servers":[…],"scalers":[…]}`.
  public var jsonSummary: String {
    JSONValue.object([
      ("valid", true), ("servers", .array(servers.map(\.json))), ("scalers", .array(scalers.map(\.json))),
    ]).text(.indented(2))
  }
}

extension ConfigurationError {
  /// What is wrong, for machines, as JSON text: `{"valid":false,"problems":[…]}`.
  public var jsonSummary: String {
    let problems: [JSONValue] =
      switch self {
      case .unreadable(let file, let reason):
        [["file": .string(file), "message": .string("cannot be read: \(reason)")]]
      case .invalid(let error):
        error.problems.map { problem in
          [
            "file": .string(error.file), "line": .integer(problem.mark.line),
            "column": .integer(problem.mark.column), "path": .string(problem.path),
            "message": .string(problem.message),
          ]
        }
      }
    return JSONValue.object([("valid", false), ("problems", .array(problems))]).text(.indented(2))
  }
}

extension ServerConfiguration {
  fileprivate var summary: String {
    var trust = authorities.map { ", trusting \($0)" } ?? ""
    if let publicKeyPin { trust += ", pinned to \(publicKeyPin)" }
    let api = api.map { "\($0.rawValue) API" } ?? "either API"
    return "\(endpoint)\(trust), \(api), calls within \(deadline.spelledOut)"
  }

  fileprivate var json: JSONValue {
    .object([
      ("name", .string(name)), ("url", .string("\(endpoint)")), ("caFile", .optional(authorities)),
      ("publicKeyPin", .optional(publicKeyPin?.description)),
      ("api", .string(api?.rawValue ?? "auto")), ("deadlineSeconds", .seconds(deadline)),
    ])
  }
}

extension QueueConfiguration {
  fileprivate var json: JSONValue {
    [
      "server": .string(server.name), "colony": ["id": .string(colony.id), "name": .string(colony.name)],
      "credentials": credentials.json, "executorType": .string(executorType),
    ]
  }
}

extension ScalerConfiguration {
  fileprivate var summaryLines: [String] {
    let each = policy.processesPerReplica == 1 ? "1 process" : "\(policy.processesPerReplica) processes"
    let unknown =
      policy.fallback.map {
        "goes to \($0.replicas) after \($0.afterFailures) failed polls\($0.allowLowering ? ", even if that is fewer" : "")"
      } ?? "holds"
    let lines = queues.map { queue in
      "  queue: processes for \(queue.executorType) in colony \(queue.address.colonyName) on "
        + "\(queue.server.name), with the key in \(queue.credentials)"
    }
    let combination = otherQueues.isEmpty ? "" : "the \(policy.combine == .sum ? "sum" : "longest") of them, "
    return [
      "scaler \(name): \(policy.min) to \(policy.max) \(target.summary)\(isPaused ? " (paused)" : "")"
    ] + lines + [
      "  rules: \(combination)\(each) each, polled every \(policy.pollInterval.spelledOut), fewer after "
        + "\(policy.scaleDown.window.spelledOut), \(unknown) while the queue is unknown"
    ] + (policy.limitLines + scaleInLines + target.summaryLines).map { "  \($0)" }
  }

  /// How workers are taken away, and what cannot be done for want of the owner's key.
  private var scaleInLines: [String] {
    guard let scaleIn else { return [] }
    let cordon =
      switch scaleIn.cordon {
      case .drain: "idle workers that hold a drain order"
      case .approval: "idle workers that were rejected"
      case .none: "whichever the cluster chooses, busy or not"
      }
    let busy = scaleIn.allowBusy ? ", and busy ones if need be" : ""
    let sweeper = scaleIn.cordon == .none ? nil : ownerCredentials
    let reason = scaleIn.cordon == .none ? "the cluster chooses who goes" : "there are no ownerCredentials"
    let orphans =
      sweeper.map {
        "are unregistered after \(scaleIn.orphansAfter.spelledOut), with the owner's key in \($0)"
      } ?? "stay registered, as \(reason)"
    return ["taking away: \(cordon)\(busy); workers whose pods are gone \(orphans)"]
  }

  private var scaleInJSON: [(String, JSONValue)] {
    guard let scaleIn else { return [] }
    guard scaleIn.cordon != .none else {
      // The rest is about choosing who goes.
      return [
        ("cordon", .string(scaleIn.cordon.rawValue)), ("allowBusy", .null), ("deletionCost", .null),
        ("orphansAfterSeconds", .null),
      ]
    }
    return [
      ("cordon", .string(scaleIn.cordon.rawValue)), ("allowBusy", .bool(scaleIn.allowBusy)),
      ("deletionCost", .string(scaleIn.deletionCost.rawValue)),
      ("orphansAfterSeconds", ownerCredentials == nil ? .null : .seconds(scaleIn.orphansAfter)),
    ]
  }

  fileprivate var json: JSONValue {
    .object([
      ("name", .string(name)), ("server", .string(server.name)),
      ("colony", ["id": .string(colony.id), "name": .string(colony.name)]),
      ("credentials", credentials.json), ("ownerCredentials", ownerCredentials.map(\.json) ?? .null),
      ("executorType", .string(executorType)),
      ("queues", .array(queues.map(\.json))), ("combine", .string(policy.combine.rawValue)),
      ("processesPerReplica", .integer(policy.processesPerReplica)), ("min", .integer(policy.min)),
      ("max", .integer(policy.max)), ("pollIntervalSeconds", .seconds(policy.pollInterval)),
      ("drainWithinSeconds", policy.objectives.drainWithin.map { .seconds($0) } ?? .null),
      ("startWithinSeconds", policy.objectives.startWithin.map { .seconds($0) } ?? .null),
      ("concurrency", .integer(policy.objectives.concurrency)),
      ("schedules", .array(policy.schedules.map(\.json))),
      ("scaleUp", .object(policy.scaleUp.json)),
      (
        "scaleDown",
        .object(
          [("idleForSeconds", .seconds(policy.scaleDown.idleFor))] + policy.scaleDown.behavior.json
            + scaleInJSON)
      ),
      ("maxChangesPerHour", .optional(policy.maxChangesPerHour)),
      ("stalenessLimitSeconds", .seconds(policy.stalenessLimit)),
      (
        "fallback",
        policy.fallback.map {
          [
            "afterFailures": .integer($0.afterFailures), "replicas": .integer($0.replicas),
            "allowLowering": .bool($0.allowLowering),
          ]
        } ?? .null
      ),
      ("paused", .bool(isPaused)), ("target", target.json),
    ])
  }
}

extension TargetConfiguration {
  fileprivate var summary: String {
    switch self {
    case .localProcesses: "local processes"
    case .scalable(let target): "replicas of \(target)"
    }
  }

  fileprivate var summaryLines: [String] {
    switch self {
    case .localProcesses(let local):
      var lines = ["command: \(local.command.joined(separator: " "))"]
      // Values may be private, names are not.
      if !local.environment.isEmpty {
        lines.append("environment: \(local.environment.keys.sorted().joined(separator: ", "))")
      }
      if let file = local.environmentFile { lines.append("environment from: \(file)") }
      if let directory = local.workingDirectory { lines.append("in: \(directory)") }
      let output = local.logDirectory.map { "to \($0)" } ?? "to standard error"
      lines.append("output: \(output); \(local.gracePeriod.spelledOut) to end")
      return lines
    case .scalable: return []
    }
  }

  fileprivate var json: JSONValue {
    switch self {
    case .localProcesses(let local):
      .object([
        ("kind", .string(Self.localProcessesKind)), ("command", .strings(local.command)),
        ("environment", .strings(local.environment.keys.sorted())),
        ("environmentFromFile", .optional(local.environmentFile)),
        ("workingDirectory", .optional(local.workingDirectory)),
        ("gracePeriodSeconds", .seconds(local.gracePeriod)), ("logDirectory", .optional(local.logDirectory)),
      ])
    case .scalable(let target):
      .object([
        ("apiVersion", .optional(target.reference.apiVersion)), ("kind", .string(target.reference.kind)),
        ("namespace", .optional(target.namespace)), ("name", .string(target.reference.name)),
      ])
    }
  }
}

extension KeySource {
  fileprivate var json: JSONValue {
    switch self {
    case .file(let path): ["file": .string(path)]
    case .environment(let name): ["environment": .string(name)]
    }
  }
}
