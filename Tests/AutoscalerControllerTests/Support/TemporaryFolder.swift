import Glibc

/// A folder for one test, removed with everything in it.
final class TemporaryFolder: Sendable {
  let path: String

  init() {
    var template = Array("/tmp/autoscaler-tests-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil, "a folder can be made")
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { Self.removeAll(path) }

  private static func removeAll(_ path: String) {
    // Removes files, links and empty folders; anything else is a folder with something in it.
    if remove(path) == 0 { return }
    guard let folder = opendir(path) else { return }
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { removeAll("\(path)/\(name)") }
    }
    closedir(folder)
    remove(path)
  }

  /// Puts a file in place in one step, as editors do.
  @discardableResult
  func write(_ text: String, to name: String) -> String {
    let path = "\(path)/\(name)"
    let temporary = "\(path).new"
    guard let file = fopen(temporary, "w") else { preconditionFailure("\(temporary) can be written") }
    fputs(text, file)
    fclose(file)
    rename(temporary, path)
    return path
  }

  func read(_ name: String) -> String? {
    guard let file = fopen("\(path)/\(name)", "r") else { return nil }
    defer { fclose(file) }
    var text = ""
    var buffer = [CChar](repeating: 0, count: 4_096)
    while fgets(&buffer, CInt(buffer.count), file) != nil {
      text += String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
    return text
  }
}
