/// Puts lines together from the pieces in which they arrive.
struct LineBuffer: Sendable {
  private var bytes: [UInt8] = []
  /// What of `bytes` has been given out as lines.
  private var start = 0
  /// Up to where there is no line's end.
  private var searched = 0

  /// How many bytes wait for their line's end, or to be taken.
  var count: Int { bytes.count - start }

  mutating func append(_ piece: [UInt8]) {
    bytes.removeFirst(start)
    searched -= start
    start = 0
    bytes += piece
  }

  /// Takes the next whole line out, without its end. Empty lines are skipped.
  mutating func next() -> [UInt8]? {
    while let end = bytes[searched...].firstIndex(of: 0x0a) {
      let line = Array(bytes[start..<end])
      start = end + 1
      searched = start
      if !line.isEmpty { return line }
    }
    searched = bytes.count
    return nil
  }
}
