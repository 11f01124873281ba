import JSON
import KubernetesClient
import KubernetesTestSupport
import TestSupport
import Testing

@Suite("Which pods of a ReplicaSet go first")
struct VictimOrderTests {
  /// Pairs that differ in one thing, the first to go first. Each is followed by those that count less.
  static let rules: [(String, @Sendable (inout VictimOrder) -> Void, @Sendable (inout VictimOrder) -> Void)] =
    [
      ("no node", { $0.isAssigned = false }, { $0.isAssigned = true }),
      ("pending", { $0.phase = .pending }, { $0.phase = .running }),
      ("not ready", { $0.readySince = nil }, { $0.readySince = 100 }),
      ("cheaper", { $0.deletionCost = -5 }, { $0.deletionCost = 7 }),
      ("more siblings", { $0.siblings = 3 }, { $0.siblings = 2 }),
      ("ready for less time", { if $0.readySince != nil { $0.readySince = 200 } }, { _ in }),
      ("more restarts", { $0.restarts = 2 }, { $0.restarts = 1 }),
      ("newer", { $0.creation = 50 }, { $0.creation = 40 }),
    ]

  @Test("each rule decides over all that follow it", arguments: rules.indices)
  func precedence(_ index: Int) {
    var first = VictimOrder(readySince: 100)
    var last = first
    Self.rules[index].1(&first)
    Self.rules[index].2(&last)
    // Everything that counts less is the other way round.
    for rule in Self.rules[(index + 1)...] {
      rule.2(&first)
      // One that is not ready has not been so for any time.
      rule.1(&last)
    }
    #expect(first < last)
    #expect(!(last < first))
  }

  @Test("it is an order, whatever the pods are")
  func order() {
    var randomness = SplitMix64(seed: 7)
    let pods = (0..<60).map { _ in
      VictimOrder(
        isAssigned: randomness.chance(50), phase: randomness.element(of: [.pending, .running, .unknown]),
        deletionCost: Int32(randomness.next(in: -1...1)), siblings: randomness.next(in: 1...2),
        readySince: randomness.chance(50) ? Int64(randomness.next(in: 0...1)) : nil,
        restarts: randomness.next(in: 0...1), creation: Int64(randomness.next(in: 0...1)))
    }
    for left in pods {
      #expect(!(left < left))
      for right in pods where left < right {
        #expect(!(right < left))
        for third in pods where right < third { #expect(left < third) }
      }
    }
  }

  @Test("siblings are counted over all ReplicaSets of one owner")
  func siblings() throws {
    func pod(_ name: String, on node: String) throws -> ObservedPod {
      try ObservedPod([
        "metadata": ["name": .string(name), "uid": .string(name)], "spec": ["nodeName": .string(node)],
        "status": ["phase": "Running"],
      ])
    }
    let mine = [try pod("a", on: "one"), try pod("b", on: "two")]
    let related = mine + [try pod("c", on: "two")]
    var randomness = SplitMix64(seed: 1)
    for _ in 0..<20 {
      let victims = VictimOrder.victims(1, of: mine, related: related, using: &randomness)
      #expect(victims.map(\.name) == ["b"])
    }
  }

  @Test("among pods that are alike, any may go")
  func ties() throws {
    let pods = try (0..<4).map { index in
      try ObservedPod(["metadata": ["name": .string("p\(index)"), "uid": .string("\(index)")]])
    }
    var randomness = SplitMix64(seed: 1)
    var seen: Set<String> = []
    for _ in 0..<200 {
      seen.formUnion(VictimOrder.victims(1, of: pods, related: pods, using: &randomness).map(\.uid))
    }
    #expect(seen.count == 4)
  }
}
