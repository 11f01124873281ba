internal import Files

/// Where the rules of time zones are read from.
struct ZoneFiles: Sendable {
  /// Reads the file of a zone.
  let load: @Sendable (_ name: String) throws(FileError) -> [UInt8]

  /// The system's time zone database.
  static let system = ZoneFiles { name throws(FileError) in try File.bytes("/usr/share/zoneinfo/\(name)") }

  /// Whether a text can name a zone, and no file elsewhere.
  static func isName(_ text: String) -> Bool {
    text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty
        && part.utf8.allSatisfy {
          UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
            || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+")
        }
    }
  }
}
