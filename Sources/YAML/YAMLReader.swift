/// Reads a YAML text strictly into a value, and reports everything that is wrong at once.
///
/// ```swift
/// let pool = try YAMLReader().read(text, file: "pool.yaml") { root in
///   root.mapping { pool in
///     let name = pool.required("name")?.string()
///     let max = pool.optional("max")?.integer(in: 0...100) ?? 10
///     return name.map { Pool(name: $0, max: max) }
///   }
/// }
/// ```
public struct YAMLReader: Sendable {
  private let parser: YAMLParser

  /// Creates a reader.
  public init(limits: YAMLLimits = YAMLLimits()) {
    parser = YAMLParser(limits: limits)
  }

  /// Reads text into a value; `file` is the name that errors show.
  ///
  /// `read` returns nil when it could not make the value, having reported why on some node. Throws if
  /// anything was reported, even if there is a value: a value beside a problem is made of defaults.
  public func read<Value>(
    _ text: String, file: String, _ read: (StrictNode) -> Value?
  ) throws(YAMLError) -> Value {
    try self.read(Array(text.utf8), file: file, read)
  }

  /// Reads the bytes of a file into a value, as the method for text does.
  public func read<Value>(
    _ bytes: [UInt8], file: String, _ read: (StrictNode) -> Value?
  ) throws(YAMLError) -> Value {
    let root = StrictNode(try parser.parse(bytes, file: file), path: "", problems: ProblemList())
    return try root.apart(file: file, read).get()
  }
}
