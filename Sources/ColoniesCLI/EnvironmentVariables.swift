internal import Environment
internal import Glibc

/// The variables of the environment. An empty variable counts as none.
struct EnvironmentVariables: Sendable {
  private let values: [String: String]

  init(_ values: [String: String]) { self.values = values }

  /// Those of this program.
  static func current() -> EnvironmentVariables { EnvironmentVariables(ProgramEnvironment.variables) }

  subscript(name: String) -> String? {
    guard let value = values[name], !value.isEmpty else { return nil }
    return value
  }

  /// The first of several variables that has a value.
  func first(_ names: [String]) -> (name: String, value: String)? {
    for name in names {
      if let value = self[name] { return (name, value) }
    }
    return nil
  }

  /// A variable that is `true` or `false`, or nil when it is neither set.
  func bool(_ name: String) throws -> Bool? {
    guard let value = self[name] else { return nil }
    switch value.lowercased() {
    case "true", "1": return true
    case "false", "0": return false
    default: throw CommandError("\(name) must be true or false, found \"\(value)\"")
    }
  }

  /// The user's home directory.
  var home: String {
    if let home = self["HOME"] { return home }
    guard let entry = getpwuid(getuid()), let home = entry.pointee.pw_dir else { return "." }
    return String(cString: home)
  }
}
