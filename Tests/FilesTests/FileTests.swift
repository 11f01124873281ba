import Files
import Glibc
import TestSupport
import Testing

@Suite("Small files")
struct FileTests {
  private let directory = TemporaryDirectory()
  private var path: String { directory.file("file") }

  @Test("what is written is read, replaces what was there, and only its owner may read it")
  func replace() throws {
    try File.replace(path, with: "old and long")
    try File.replace(path, with: "new")
    #expect(try File.text(path) == "new")
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
  }

  @Test(
    "a file may have as many bytes as the limit says, and no more", arguments: [3, 65_535, 65_536, 70_000])
  func limit(_ limit: Int) throws {
    try File.replace(path, with: String(repeating: "x", count: limit))
    #expect(try File.bytes(path, limit: limit).count == limit)
    #expect(throws: FileError(.read, path, code: EFBIG)) { try File.bytes(path, limit: limit - 1) }
  }

  @Test("errors say what was attempted, with which file, and why")
  func errors() throws {
    let error = try #require(throws: FileError.self) { try File.text(path) }
    #expect(error.isNotFound && error.description == "cannot read \(path): No such file or directory")
    #expect(throws: FileError(.remove, path, code: ENOENT)) { try File.remove(path) }
    #expect(throws: FileError(.write, "\(path)/below", code: ENOENT)) {
      try File.replace("\(path)/below", with: "")
    }
  }

  @Test("a write that fails leaves the old file and nothing else")
  func failedReplacement() throws {
    try File.makePrivateDirectory("\(path)/below")
    #expect(throws: FileError(.write, path, code: EISDIR)) { try File.replace(path, with: "text") }
    #expect(access("\(path).\(getpid())", F_OK) != 0)
  }

  @Test("a file that is left alone has one version; one that is replaced has another")
  func version() throws {
    try File.replace(path, with: "a")
    let version = try FileVersion(of: path)
    #expect(try FileVersion(of: path) == version)
    try File.replace(path, with: "b")
    #expect(try FileVersion(of: path) != version)
  }

  @Test("a link that is led elsewhere is another version")
  func link() throws {
    for name in ["a", "b"] { try File.replace(directory.file(name), with: "same") }
    #expect(symlink("a", path) == 0)
    let version = try FileVersion(of: path)
    #expect(unlink(path) == 0 && symlink("b", path) == 0)
    #expect(try FileVersion(of: path) != version)
  }
}
