internal import Glibc

/// A directory of a test, removed with everything in it when nobody holds it any more.
package final class TemporaryDirectory: Sendable {
  package let path: String

  package init() {
    var template = Array("/tmp/colonies-tests-XXXXXX".utf8CString)
    precondition(mkdtemp(&template) != nil, "a directory can be made")
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { Self.removeAll(path) }

  package func file(_ name: String) -> String { "\(path)/\(name)" }

  private static func removeAll(_ path: String) {
    // Removes files, links and empty directories; anything else is a directory with something in it.
    if remove(path) == 0 { return }
    guard let directory = opendir(path) else { return }
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { removeAll("\(path)/\(name)") }
    }
    closedir(directory)
    remove(path)
  }
}
