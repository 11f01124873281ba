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

  /// The formula in one line.
  public var description: String { "\(name) = \(rule) = \(numbers) = \(result)" }
}
