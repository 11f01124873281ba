internal import JSON

/// A file that describes what to make: a colony, a worker, a process.
struct SpecFile {
  /// What the file is called in messages.
  let name: String
  let value: JSONValue

  /// Reads a file of JSON.
  /// - Parameter path: `-` is the standard input.
  init(path: String) throws {
    let bytes = try InputFile(path: path).read()
    try self.init(name: path == "-" ? "standard input" : path, bytes: bytes)
  }

  init(name: String, bytes: [UInt8]) throws {
    self.name = name
    do {
      value = try JSONValue(parsing: bytes)
    } catch {
      let before = bytes[..<min(error.offset, bytes.count)]
      let line = before.count { $0 == 0x0a } + 1
      // Columns are characters: the bytes that continue one do not count.
      let column = before.reversed().prefix { $0 != 0x0a }.count { $0 & 0xc0 != 0x80 } + 1
      throw CommandError("\(name):\(line):\(column): \(error.description)")
    }
  }

  /// The file's fields, all of which the shape knows.
  /// - Throws: `CommandError` with one line for each field that is unknown or wrong.
  func fields(_ shape: SpecShape) throws -> JSONObject {
    var problems: [String] = []
    shape.check(value, at: "", into: &problems)
    try refuse(problems)
    return value.object ?? JSONObject()
  }

  /// - Throws: `CommandError` with one line for each problem, if there are any.
  func refuse(_ problems: [String]) throws {
    guard !problems.isEmpty else { return }
    throw CommandError(problems.map { "\(name): \($0)" }.joined(separator: "\n"))
  }
}
