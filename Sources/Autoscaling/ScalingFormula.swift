/// A formula that took part in a decision, with its numbers: `needed = ceil(demand / 4) = ceil(18 / 4) = 5`.
public struct ScalingFormula: Sendable, Hashable, Codable, CustomStringConvertible {
  /// What is computed.
  public let name: String
  /// The formula in words.
  public let rule: String
  /// The formula with the numbers put in.
  public let numbers: String
  /// The result.
  public let result: Int
  /// Where the formula is from; nil where it is the autoscaler's own rule.
  public let source: String?

  /// The formula in one line.
  public var description: String {
    "\(name) = \(rule) = \(numbers) = \(result)" + (source.map { " (\($0))" } ?? "")
  }

  init(name: String, rule: String, numbers: String, result: Int, source: String? = nil) {
    self.name = name
    self.rule = rule
    self.numbers = numbers
    self.result = result
    self.source = source
  }
}
