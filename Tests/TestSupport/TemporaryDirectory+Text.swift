internal import Files
internal import Glibc

extension TemporaryDirectory {
  /// Puts a file in place in one step, as editors do.
  /// - Returns: Its path.
  @discardableResult
  package func write(_ text: String, to name: String) -> String {
    do {
      try File.replace(file(name), with: text)
    } catch {
      preconditionFailure("\(error)")
    }
    return file(name)
  }

  /// What a file says; nil when it cannot be read.
  package func read(_ name: String) -> String? { try? File.text(file(name), limit: 64 << 20) }

  /// Makes a directory, and those above it.
  /// - Returns: Its path.
  @discardableResult
  package func makeDirectory(_ name: String) -> String {
    do {
      try File.makePrivateDirectory(file(name))
    } catch {
      preconditionFailure("\(error)")
    }
    return file(name)
  }

  /// Leads a symbolic link to a target, wherever it led before.
  package func link(_ name: String, to target: String) {
    unlink(file(name))
    let code = symlink(target, file(name))
    precondition(code == 0, "\(file(name)) can be made")
  }
}
