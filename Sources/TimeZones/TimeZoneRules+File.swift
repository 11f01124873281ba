extension TimeZoneRules {
  /// Reads the rules from a file of the system's zone database (TZif, RFC 9636), version 2 or later.
  package init(reading bytes: [UInt8]) throws(TimeZoneError) {
    var reader = ZoneReader(bytes)
    let first = try reader.header()
    // The first part is for readers that know no large numbers.
    try reader.skip(first.size(of: 4))
    let header = try reader.header()
    let moments = try reader.integers(header.transitions, width: 8)
    let kinds = try reader.integers(header.transitions, width: 1).map { $0 & 0xff }
    var offsets: [Int] = []
    for _ in 0..<header.types {
      offsets += try reader.integers(1, width: 4)
      try reader.skip(2)
    }
    try reader.skip(header.names + header.leapSeconds * 12 + header.standardFlags + header.utcFlags)
    guard let firstOffset = offsets.first, kinds.allSatisfy({ $0 < offsets.count }),
      zip(moments, moments.dropFirst()).allSatisfy({ $0 < $1 }),
      offsets.allSatisfy({ (-93_600...93_600).contains($0) })
    else { throw .damaged }
    let text = try reader.footer()
    let rule = RecurringRule(text)
    if !text.isEmpty, rule == nil { throw .badRule(text) }
    self.init(
      transitions: zip(moments, kinds).map { Transition(at: $0, offset: offsets[$1]) },
      firstOffset: firstOffset, rule: rule)
  }
}

/// Takes numbers out of a zone file, in their order.
private struct ZoneReader {
  struct Header {
    let utcFlags: Int
    let standardFlags: Int
    let leapSeconds: Int
    let transitions: Int
    let types: Int
    let names: Int

    /// The bytes that follow a header where moments have `width` of them.
    func size(of width: Int) -> Int {
      transitions * (width + 1) + types * 6 + names + leapSeconds * (width + 4) + standardFlags + utcFlags
    }
  }

  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  mutating func skip(_ count: Int) throws(TimeZoneError) { _ = try take(count) }

  private mutating func take(_ count: Int) throws(TimeZoneError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= rest.count else { throw .damaged }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  mutating func header() throws(TimeZoneError) -> Header {
    guard rest.count >= 44, rest.starts(with: Array("TZif".utf8)), rest[rest.startIndex + 4] >= 0x32 else {
      throw .notAZoneFile
    }
    try skip(20)
    let counts = try integers(6, width: 4)
    guard counts.allSatisfy({ $0 >= 0 }) else { throw .damaged }
    return Header(
      utcFlags: counts[0], standardFlags: counts[1], leapSeconds: counts[2], transitions: counts[3],
      types: counts[4], names: counts[5])
  }

  /// Signed integers, the most significant byte first.
  mutating func integers(_ count: Int, width: Int) throws(TimeZoneError) -> [Int] {
    let bytes = Array(try take(count * width))
    return (0..<count).map { index in
      let unsigned = bytes[index * width..<(index + 1) * width].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      let unused = 64 - width * 8
      return Int(Int64(bitPattern: unsigned << unused) >> unused)
    }
  }

  /// The text between two line ends at the end of the file.
  mutating func footer() throws(TimeZoneError) -> String {
    guard rest.first == UInt8(ascii: "\n"), rest.last == UInt8(ascii: "\n"), rest.count >= 2 else {
      throw .damaged
    }
    return String(decoding: rest.dropFirst().dropLast(), as: UTF8.self)
  }
}
