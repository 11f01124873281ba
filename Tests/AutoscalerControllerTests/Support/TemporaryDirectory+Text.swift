import Files
import TestSupport

extension TemporaryDirectory {
  /// Puts a file in place in one step, as editors do.
  @discardableResult
  func write(_ text: String, to name: String) -> String {
    do {
      try File.replace(file(name), with: text)
    } catch {
      preconditionFailure("\(error)")
    }
    return file(name)
  }

  /// What a file says; nil when it cannot be read.
  func read(_ name: String) -> String? { try? File.text(file(name)) }
}
