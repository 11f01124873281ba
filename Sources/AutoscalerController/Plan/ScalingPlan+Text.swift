internal import Autoscaling

extension ScalingPlan {
  /// A line for each scaler, and what is missing.
  public var table: String {
    var rows: [[String]] = []
    for change in changes {
      switch change.outcome {
      case .decision(let explanation):
        let queue = explanation.newestReading.map { "\($0.waiting)+\($0.running)" } ?? "?"
        rows.append([
          change.scaler, change.target, queue, "\(explanation.current)", "\(explanation.replicas)",
          "\(explanation.reason.rawValue): \(explanation.summary)",
        ])
      case .failure(let error): rows.append([change.scaler, change.target, "?", "?", "?", "error: \(error)"])
      }
    }
    let table = TextTable(["SCALER", "TARGET", "QUEUE", "NOW", "THEN", "WHY"], rows)
    return (table.lines + permissionLines).joined(separator: "\n")
  }

  /// Each decision in full, and what is missing.
  public var explanations: String {
    let texts = changes.map { change in
      switch change.outcome {
      case .decision(let explanation): "\(change.scaler) (\(change.target)): \(explanation)"
      case .failure(let error): "\(change.scaler) (\(change.target)): error: \(error)"
      }
    }
    return ([texts.joined(separator: "\n\n")] + permissionLines).joined(separator: "\n")
  }

  private var permissionLines: [String] {
    switch missingPermissions {
    case .success([]): []
    case .success(let missing): ["", "Missing permissions:"] + missing.map { "  \($0)" }
    case .failure(let error): ["", "error: the permissions could not be checked: \(error)"]
    }
  }
}
