import Files
import Glibc
import TestSupport
import Testing

@Suite("A file that grows")
struct AppendedFileTests {
  private let directory = TemporaryDirectory()

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  @Test("keeps what was there, and only the user may read it")
  func appends() throws {
    let path = directory.write("a\n", to: "file")
    chmod(path, 0o644)
    do {
      let file = try AppendedFile(path)
      #expect(file.size == 2)
      try file.append(Array("b\n".utf8))
      #expect(directory.read("file") == "a\nb\n", "a line is there at once")
      #expect(file.size == 4)
    }
    #expect(mode(path) == 0o600)
    _ = try AppendedFile(directory.file("new"))
    #expect(mode(directory.file("new")) == 0o600)
  }

  @Test(
    "loses a last line that has no end",
    arguments: ["a\nhalf", "half", "a\n" + String(repeating: "x", count: 200_000)])
  func cutsOff(text: String) throws {
    let path = directory.write(text, to: "file")
    let file = try AppendedFile(path)
    try file.append(Array("b\n".utf8))
    #expect(directory.read("file") == (text.hasPrefix("a") ? "a\nb\n" : "b\n"))
  }

  @Test("belongs to one program at a time")
  func exclusive() throws {
    let path = directory.file("file")
    let first = try AppendedFile(path)
    let error = #expect(throws: FileError.self) { try AppendedFile(path) }
    #expect(error?.isInUse == true)
    try first.append(Array("a\n".utf8))
  }

  @Test("is a regular file", arguments: ["/dev/null", "/dev/full"])
  func regular(path: String) {
    let error = #expect(throws: FileError.self) { try AppendedFile(path) }
    #expect(error?.code == EINVAL)
  }
}
