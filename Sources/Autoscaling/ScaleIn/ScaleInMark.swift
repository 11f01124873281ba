/// What a scale-in notes on a pod before it does anything to it, so that whoever leads next can undo it.
public struct ScaleInMark: Sendable, Hashable {
  /// The annotation that holds the mark's ``text``.
  public static let annotation = "autoscaling.colonies.io/scale-in"

  /// How its worker is kept from taking work.
  public let cordon: ScaleInPolicy.Cordon
  /// The deletion cost that somebody else had given the pod before; nil for none.
  public let previousCost: Int32?

  /// Notes a cordon and the cost to restore.
  public init(cordon: ScaleInPolicy.Cordon, previousCost: Int32? = nil) {
    self.cordon = cordon
    self.previousCost = previousCost
  }

  /// The annotation's value: `drain`, or `drain previous-cost=5`.
  public var text: String {
    previousCost.map { "\(cordon.rawValue) \(Self.costKey)\($0)" } ?? cordon.rawValue
  }

  /// Reads an annotation's value; nil when no version of this program wrote it. Whoever reads such a mark leaves
  /// the pod alone.
  public init?(text: String) {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard let first = words.first, let cordon = ScaleInPolicy.Cordon(rawValue: String(first)) else {
      return nil
    }
    switch words.count {
    case 1: self.init(cordon: cordon)
    case 2:
      guard words[1].hasPrefix(Self.costKey), let cost = Int32(words[1].dropFirst(Self.costKey.count)) else {
        return nil
      }
      self.init(cordon: cordon, previousCost: cost)
    default: return nil
    }
  }

  private static let costKey = "previous-cost="
}
