public import Autoscaling
internal import JSON

extension ScalingPolicy {
  /// The rules for people, in a line.
  public var rules: String {
    let each = processesPerReplica == 1 ? "1 process" : "\(processesPerReplica) processes"
    let whole =
      "\(each) a replica, \(min) to \(max), polled every \(pollInterval.spelledOut), fewer after "
      + scaleDown.window.spelledOut
    return ([whole] + limitLines).joined(separator: "; ")
  }

  /// What limits the changes, for people; a line for each limit that there is.
  var limitLines: [String] {
    let budget = maxChangesPerHour.map { "changes: at most \($0) in an hour" }
    return objectives.lines + schedules.map(\.summary) + behaviorLines + [budget].compactMap { $0 }
  }

  private var behaviorLines: [String] {
    [("growing", scaleUp), ("shrinking", scaleDown.behavior)].compactMap { name, behavior in
      behavior.summary(isGrowth: name == "growing").map { "\(name): \($0)" }
    }
  }
}

extension ScalingObjectives {
  fileprivate var lines: [String] {
    let at = concurrency == 1 ? "" : ", \(concurrency) processes at once in each worker"
    return [
      drainWithin.map { "objective: finish what there is within \($0.spelledOut)\(at)" },
      startWithin.map { "objective: begin within \($0.spelledOut)\(at)" },
    ].compactMap { $0 }
  }
}

extension ScalingSchedule {
  fileprivate var summary: String {
    let bounds = [min.map { "min \($0)" }, max.map { "max \($0)" }].compactMap { $0 }
    return "schedule: \(bounds.joined(separator: ", ")) from \(from) to \(to) (\(timeZone))"
  }

  /// The settings for machines.
  var json: JSONValue {
    .object([
      ("from", .string(from)), ("to", .string(to)), ("timeZone", .string(timeZone)), ("min", .optional(min)),
      ("max", .optional(max)),
    ])
  }
}

extension ScalingBehavior {
  fileprivate func summary(isGrowth: Bool) -> String? {
    guard select != .disabled else { return "disabled" }
    var parts: [String] = []
    if tolerance > 0 { parts.append("ignores \(tolerance) of demand") }
    // That of shrinking is told with the keep-alive, of which it is a part.
    if isGrowth, let stabilizationWindow, stabilizationWindow > .zero {
      parts.append("after \(stabilizationWindow.spelledOut)")
    }
    let rates = policies.map(\.spelledOut)
    if rates.count == 1 {
      parts.append("at most \(rates[0])")
    } else if rates.count > 1 {
      let which = select == .max ? "whichever is more" : "whichever is less"
      parts.append("at most \(rates.joined(separator: " or ")), \(which)")
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// The settings for machines.
  var json: [(String, JSONValue)] {
    [
      ("tolerance", .double(tolerance)),
      ("stabilizationWindowSeconds", stabilizationWindow.map { .seconds($0) } ?? .null),
      (
        "policies",
        .array(
          policies.map {
            .object([
              ("type", .string($0.type.rawValue)), ("value", .integer($0.value)),
              ("periodSeconds", .seconds($0.period)),
            ])
          })
      ),
      ("select", .string(select.rawValue)),
    ]
  }
}
