internal import Autoscaling
internal import KubernetesClient
internal import Logging
internal import Timekeeping

extension ScaleInTarget {
  /// How long what was told is not told again.
  private static let repetition: Duration = .seconds(60)

  /// Whether a text was not told lately.
  func isNews(_ text: String) -> Bool {
    let now = time.now()
    if let at = told[text], now - at < Self.repetition { return false }
    told = told.filter { now - $0.value < Self.repetition }
    told[text] = now
    return true
  }

  /// Tells something worrying, once.
  func warn(_ text: String, _ event: String) {
    guard isNews(text) else { return }
    logger.warning("\(text)", metadata: ["event": "\(event)"])
  }

  /// Tells who is chosen, and what became of those who were.
  func tell(_ step: ScaleInStep) {
    if !step.chosen.isEmpty {
      let chosen = step.chosen.joined(separator: ", ")
      if isNews("chosen \(chosen)") {
        logger.info(
          "taking away \(chosen)",
          metadata: ["event": "scaleInChosen", "chosen": .array(step.chosen.map { "\($0)" })])
      }
    }
    for finding in step.findings {
      metrics.countFinding(finding.code)
      logger.log(
        level: finding.isWorrying ? .warning : .info, "\(finding.text)",
        metadata: ["event": "scaleInFinding", "finding": "\(finding.code)"])
      guard finding.isWorrying else { continue }
      announce(
        DecisionNote(severity: .warning, reason: "ScaleInMissed", message: finding.text, isChange: false))
    }
  }
}
