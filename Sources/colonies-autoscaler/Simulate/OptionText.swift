internal import ArgumentParser
internal import PolicySearch
internal import Simulation
internal import YAML

/// How values of options are written.
enum OptionText {
  static func duration(_ text: String) throws -> Duration {
    guard let duration = DurationSyntax.duration(text) else {
      throw ValidationError("a duration is written like 250ms, 30s, 5m or 1h30m, got \"\(text)\"")
    }
    return duration
  }

  /// `10s`, `5s..20s`, or `10s~0.5`.
  static func startUp(_ text: String) throws -> StartUpDistribution {
    let mistake = ValidationError(
      "a start-up time is written like 10s, 5s..20s (anything between) or 10s~0.5 (log-normal: median and sigma, "
        + "0 to 5), got \"\(text)\"")
    if let separator = text.firstRange(of: "..") {
      guard let low = DurationSyntax.duration(String(text[..<separator.lowerBound])),
        let high = DurationSyntax.duration(String(text[separator.upperBound...])), low <= high
      else { throw mistake }
      return .uniform(low...high)
    }
    let parts = text.split(separator: "~", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, let median = DurationSyntax.duration(parts[0]) else { throw mistake }
    guard parts.count == 2 else { return .constant(median) }
    guard let sigma = Double(parts[1]), StartUpDistribution.sigmaRange.contains(sigma) else { throw mistake }
    return .logNormal(median: median, sigma: sigma)
  }

  static func objective(_ text: String) throws -> SearchObjective {
    guard let objective = SearchObjective(parsing: text) else {
      throw ValidationError("an objective is written like one of \(SearchObjective.forms); got \"\(text)\"")
    }
    return objective
  }

  static func rivals(_ text: String) throws -> [Rival] {
    switch text {
    case "all": return Rival.allCases
    case "none": return []
    default:
      return try text.split(separator: ",").map { name in
        guard let rival = Rival(rawValue: String(name)) else {
          throw ValidationError(
            "there is no model of \"\(name)\"; there are \(Rival.allCases.map(\.rawValue).joined(separator: ", "))"
          )
        }
        return rival
      }
    }
  }
}
