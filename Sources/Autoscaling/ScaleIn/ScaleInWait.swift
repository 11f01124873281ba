/// What a scale-in waits for.
public struct ScaleInWait: Sendable, Hashable {
  /// How many replicas there are to be in the end.
  public let wanted: Int
  /// What keeps them from being as few; empty before the first look.
  public let obstacles: [ScaleInObstacle]
  /// Why something is not known, for people; nil when all is.
  public let problem: String?

  /// Describes what is waited for.
  public init(wanted: Int, obstacles: [ScaleInObstacle] = [], problem: String? = nil) {
    self.wanted = wanted
    self.obstacles = obstacles
    self.problem = problem
  }
}

extension Explanation {
  /// The decision to have fewer replicas, while workers are chosen for it and kept from taking work: the replicas
  /// are still the same.
  public func waiting(for wait: ScaleInWait) -> Explanation {
    var waiting = self
    waiting.replicas = current
    waiting.reason = .scalingIn
    waiting.scaleIn = wait
    return waiting
  }

  /// The decision as it was carried out, if that is not by as many replicas as was decided.
  public func carriedOut(_ replicas: Int) -> Explanation {
    var carriedOut = self
    carriedOut.replicas = replicas
    return carriedOut
  }

  func text(_ wait: ScaleInWait) -> String {
    let obstacles = wait.obstacles.map(text)
    let problem = wait.problem.map { [$0] } ?? []
    let all = obstacles + problem
    return "taking workers away, to \(wait.wanted)" + (all.isEmpty ? "" : ": \(all.joined(separator: ", "))")
  }

  private func text(_ obstacle: ScaleInObstacle) -> String { obstacle.text(at: decidedAt) }
}
