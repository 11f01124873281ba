import Files
import Glibc
import TestSupport
import Testing

@Suite("The lines of a file")
struct FileLinesTests {
  private let directory = TemporaryDirectory()

  private func lines(_ text: String, longest: Int = 1_000_000) throws -> [(Int, String, Bool)] {
    var reader = try FileLines(directory.write(text, to: "file"), longest: longest)
    var lines: [(Int, String, Bool)] = []
    while let line = try reader.next() {
      lines.append((line.number, String(decoding: line.bytes, as: UTF8.self), line.isComplete))
    }
    return lines
  }

  @Test("come one after the other, with their numbers; only the last may have no end")
  func lines() throws {
    #expect(try lines("").isEmpty)
    #expect(
      try lines("a\n\nb\n").map { "\($0)" }
        == [(1, "a", true), (2, "", true), (3, "b", true)].map { "\($0)" })
    #expect(try lines("a\nb").map { "\($0)" } == [(1, "a", true), (2, "b", false)].map { "\($0)" })
  }

  @Test("are whole, however large the file is")
  func large() throws {
    let texts = (0..<5_000).map { String(repeating: "x", count: $0 % 200) + "\($0)" }
    let read = try lines(texts.joined(separator: "\n") + "\n")
    #expect(read.map(\.1) == texts)
    #expect(read.map(\.0) == Array(1...5_000))
  }

  @Test("may not be longer than is allowed")
  func tooLong() throws {
    let text = String(repeating: "x", count: 200_000)
    #expect(try lines(text + "\n", longest: 200_000).count == 1)
    let error = #expect(throws: FileError.self) { try lines(text, longest: 100) }
    #expect(error?.code == EFBIG)
  }
}
