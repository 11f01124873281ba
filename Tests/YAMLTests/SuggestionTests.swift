import Testing

@testable import YAML

@Suite("Suggestions for mistyped words")
struct SuggestionTests {
  @Test(
    "near words are suggested, far ones are not",
    arguments: [
      ("mx", "max"), ("mxa", "max"), ("MAX", "max"), ("pollIntervall", "pollInterval"),
      ("procesesPerReplica", "processesPerReplica"), ("foo", nil), ("", nil), ("maximum", nil),
      (String(repeating: "x", count: 10_000), nil),
    ] as [(String, String?)])
  func nearest(word: String, expected: String?) {
    let known = ["min", "max", "pollInterval", "processesPerReplica"]
    #expect(Suggestion.nearest(to: word, among: known) == expected)
  }

  @Test(
    "the distance counts insertions, deletions, replacements and swaps",
    arguments: [
      ("", "", 0), ("a", "", 1), ("abc", "acb", 1), ("abc", "abd", 1), ("abc", "cab", 2), ("", "abc", 3),
    ])
  func distance(left: String, right: String, expected: Int) {
    #expect(Suggestion.distance(left, right) == expected)
    #expect(Suggestion.distance(right, left) == expected)
  }
}
