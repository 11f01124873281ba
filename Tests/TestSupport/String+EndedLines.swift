extension String {
  /// The lines of what somebody else writes: not the last one while it has no end, as the rest may be on its way.
  package var endedLines: [Substring] {
    guard let end = utf8.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    return self[..<end].split(separator: "\n")
  }
}
