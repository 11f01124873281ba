#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Why the system did not do something with a file.
package struct FileError: Error, Sendable, Hashable {
  /// What was attempted.
  package enum Action: String, Sendable, Hashable {
    case read, write, create, remove
  }

  package let action: Action
  package let path: String
  /// The system's error number.
  package let code: Int32

  package init(_ action: Action, _ path: String, code: Int32) {
    self.action = action
    self.path = path
    self.code = code
  }

  /// The error that a system call has just left behind.
  static func last(_ action: Action, _ path: String) -> FileError {
    FileError(action, path, code: errno)
  }

  package var isNotFound: Bool { code == ENOENT }
  /// Whether another program has it.
  package var isInUse: Bool { code == EWOULDBLOCK }
  /// The system's words for it, without the path.
  package var reason: String { strerror(code).map { String(cString: $0) } ?? "system error \(code)" }
}

extension FileError: CustomStringConvertible {
  package var description: String { "cannot \(action.rawValue) \(path): \(reason)" }
}
