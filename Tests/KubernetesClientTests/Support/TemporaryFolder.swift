import Glibc

/// A folder of a test, removed with its files when nobody holds it any more.
final class TemporaryFolder: Sendable {
  struct Failed: Error {}

  let path: String

  init() throws {
    var template = Array("/tmp/kubernetes-client-test.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failed() }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name == "." || name == ".." { continue }
        // Not a link to a folder, which belongs to somebody else.
        if entry.pointee.d_type == UInt8(DT_DIR) {
          remove("\(path)/\(name)")
        } else {
          unlink("\(path)/\(name)")
        }
      }
      closedir(folder)
    }
    rmdir(path)
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file and returns its path.
  @discardableResult
  func write(_ name: String, _ text: String, mode: mode_t = 0o600) throws -> String {
    let path = file(name)
    guard let file = fopen(path, "w") else { throw Failed() }
    fputs(text, file)
    fclose(file)
    chmod(path, mode)
    return path
  }

  func makeFolder(_ name: String) { mkdir(file(name), 0o700) }

  func link(_ name: String, to target: String) {
    unlink(file(name))
    symlink(target, file(name))
  }

  func read(_ name: String) -> String {
    guard let file = fopen(file(name), "r") else { return "" }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    let count = fread(&buffer, 1, buffer.count, file)
    return String(decoding: buffer[..<count], as: UTF8.self)
  }
}
