import Files
import TestSupport
import Testing

@Suite("Paths of files")
struct PathTests {
  @Test(
    "a path in a file is seen from the file's folder",
    arguments: [
      ("/etc/a.yaml", "b", "/etc/b"), ("/etc/a.yaml", "/b", "/b"), ("a.yaml", "b", "b"),
      ("/a.yaml", "b", "/b"),
      ("x/a.yaml", "../b", "x/../b"),
    ])
  func resolve(file: String, path: String, expected: String) {
    #expect(File.resolve(path, in: File.folder(of: file)) == expected)
  }

  @Test("a link to nowhere does not exist")
  func exists() {
    let directory = TemporaryDirectory()
    directory.link("link", to: "target")
    #expect(!File.exists(directory.file("link")))
    directory.write("", to: "target")
    #expect(File.exists(directory.file("link")))
  }
}
