internal import ArgumentParser

/// A number of bytes as people type it: `1048576`, `64KiB`, `256MiB`, `2GiB`; at most 1 TiB.
struct ByteCount: ExpressibleByArgument {
  let bytes: Int

  private static let units = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40)]
  private static let most = 1 << 40

  init?(argument: String) {
    let (suffix, unit) = Self.units.first { argument.hasSuffix($0.0) } ?? ("", 1)
    guard let number = Int(argument.dropLast(suffix.count)), number > 0, number <= Self.most / unit else {
      return nil
    }
    bytes = number * unit
  }
}
