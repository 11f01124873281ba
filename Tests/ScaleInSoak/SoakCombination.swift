internal import Colonies
internal import TestSupport

/// How the workers of a Deployment speak with the queue, are kept from taking work before they go, and work.
struct SoakCombination: Sendable, Hashable, CustomStringConvertible {
  /// `scaleDown.cordon`, as far as busy workers are promised to stay with it.
  enum Cordon: String, Sendable, Hashable, CaseIterable {
    case drain
    case approval
  }

  let api: API
  let cordon: Cordon
  /// How many processes a worker works on at once, and is there for.
  let concurrency: Int

  static let all = API.allCases.flatMap { api in
    Cordon.allCases.flatMap { cordon in
      [1, 2].map { SoakCombination(api: api, cordon: cordon, concurrency: $0) }
    }
  }

  /// Deals a combination to each of so many Deployments, each combination as often as any other or once more.
  static func deal(_ count: Int, seed: UInt64) -> [SoakCombination] {
    var randomness = SplitMix64(seed: seed)
    var dealt: [SoakCombination] = []
    while dealt.count < count { dealt += all.shuffled(using: &randomness) }
    return Array(dealt.prefix(count))
  }

  /// Whether a worker can be kept from taking work before it has registered: an order by its name is there first.
  var reachesUnregistered: Bool { api == .executor && cordon == .drain }

  var description: String { "\(api)/\(cordon)/\(concurrency)" }
}
