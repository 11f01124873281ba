/// What the checks found, as Kubernetes writes it.
struct StatusReport: Sendable {
  /// A line of the report.
  private struct Finding: Sendable {
    let name: String
    let problem: String?

    var line: String {
      guard let problem else { return "[+]\(name) ok" }
      // A reason of several lines could pass for other checks.
      return "[-]\(name) failed: \(problem.split(whereSeparator: \.isNewline).joined(separator: "; "))"
    }
  }

  private let findings: [Finding]

  var isWell: Bool { findings.allSatisfy { $0.problem == nil } }

  /// Asks all checks at the same time; the report keeps their order.
  init(_ checks: [StatusCheck]) async {
    findings = await withTaskGroup(of: (Int, Finding).self) { group in
      for (index, check) in checks.enumerated() {
        group.addTask { (index, Finding(name: check.name, problem: await check.problem())) }
      }
      return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  /// A line for each check and one for all.
  /// - Parameter title: What was checked: `readyz`.
  func text(_ title: String) -> String {
    (findings.map(\.line) + [isWell ? "\(title) check passed" : "\(title) check failed"])
      .joined(separator: "\n") + "\n"
  }
}
