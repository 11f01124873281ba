/// Certificates or a key in PEM. Prints a file's path, but never what is in memory.
public enum PEM: Sendable, Hashable {
  /// A file, by its path.
  case file(String)
  /// The text itself.
  case bytes([UInt8])
}

extension PEM: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String {
    switch self {
    case .file(let path): "file \(path)"
    case .bytes(let bytes): "<\(bytes.count) bytes of PEM>"
    }
  }

  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
