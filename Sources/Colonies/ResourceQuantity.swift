/// Reads the resource texts of the executor API, such as `500m` and `512Mi`.
public enum ResourceQuantity {
  /// Why a text is not a quantity; the description is the protocol's.
  public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The protocol's words.
    public let description: String
  }

  /// Thousandths of a core. A number without `m` counts as 0, as upstream has it; empty is 0.
  public static func milliCPU(_ text: String) throws(Failure) -> Int {
    guard text.utf8.last == UInt8(ascii: "m") else { return 0 }
    guard let value = Int(text.dropLast()) else {
      throw Failure(description: "Error converting CPU to int")
    }
    return value
  }

  /// MiB, rounded down. Empty is 0; any other text needs one of the units below.
  public static func mebibytes(_ text: String) throws(Failure) -> Int {
    if text.isEmpty { return 0 }
    for (unit, bytes) in units where text.hasSuffix(unit) {
      let digits = String(text.dropLast(unit.utf8.count))
      guard let count = Int(digits) else { throw invalidSyntax(digits) }
      let (product, overflow) = count.multipliedReportingOverflow(by: bytes)
      guard !overflow else { throw invalidSyntax(digits) }
      return product / 1_048_576
    }
    // Upstream's words: it quotes the text only where it is more than a number.
    throw invalidSyntax(Int(text) == nil ? text : "")
  }

  /// MiB as the protocol's replies write them.
  public static func memoryText(mebibytes: Int) -> String { "\(mebibytes)Mi" }
  /// Thousandths of a core as the protocol's replies write them.
  public static func cpuText(milliCPU: Int) -> String { "\(milliCPU)m" }

  private static func invalidSyntax(_ digits: String) -> Failure {
    Failure(
      description:
        "error converting memory to int: strconv.ParseInt: parsing \"\(digits)\": invalid syntax")
  }

  /// Longer units first, since one can be the end of another.
  private static let units: [(unit: String, bytes: Int)] = [
    ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
    ("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30),
    ("KB", 1000), ("MB", 1_000_000), ("TB", 1_000_000_000_000),
    ("Kb", 1000), ("Mb", 1_000_000), ("Gb", 1_000_000_000), ("Tb", 1_000_000_000_000),
    ("K", 1000), ("M", 1_000_000), ("G", 1_000_000_000),
  ]
}
