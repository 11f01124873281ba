@testable import ColoniesCLI
import Testing

@Suite("Tables")
struct TableTests {
  /// A table of a recording, taken apart.
  struct Recorded: Sendable, CustomTestStringConvertible {
    let place: String
    let text: String
    var testDescription: String { place }
  }

  /// Every table that both recorded programs printed.
  static let recorded: [Recorded] = [("403968a5", Transcript.seed), ("bb36c372", .later)].flatMap {
    name, transcript in
    transcript.entries.enumerated().flatMap { index, entry in
      var tables: [String] = []
      var lines: [Substring] = []
      for line in entry.output.split(separator: "\n", omittingEmptySubsequences: false) {
        if line.hasPrefix("+") || line.hasPrefix("|") {
          lines.append(line)
        } else if !lines.isEmpty {
          tables.append(lines.joined(separator: "\n") + "\n")
          lines = []
        }
      }
      return tables.map { Recorded(place: "\(name) #\(index)", text: $0) }
    }
  }

  @Test("a recorded table's cells make the same table again", arguments: recorded)
  func recordedTable(_ recorded: Recorded) {
    let lines = recorded.text.split(separator: "\n")
    let borders = lines.indices.filter { lines[$0].hasPrefix("+") }
    let hasHeader = borders.count == 3
    let rows = lines.filter { $0.hasPrefix("|") }.map(Self.cells)
    // The attributes of the later program, and all tables without a header, are aligned to the left.
    let isLeft = !hasHeader || recorded.place.hasPrefix("bb")
    var table = Table(header: hasHeader ? rows[0] : [], alignment: isLeft ? .left : .natural)
    var merged: [[String]] = []
    for row in rows.dropFirst(hasHeader ? 1 : 0) {
      // A line without a name continues the cell above.
      if !hasHeader, row[0].isEmpty, let last = merged.popLast() {
        merged.append([last[0], last[1] + " " + row[1]])
      } else {
        merged.append(row)
      }
    }
    for row in merged { table.append(row) }
    #expect(table.text == recorded.text)
  }

  private static func cells(_ line: Substring) -> [String] {
    line.dropFirst(2).dropLast(2).split(separator: " | ", omittingEmptySubsequences: false).map {
      var cell = $0.drop { $0 == " " }
      while cell.last == " " { cell.removeLast() }
      return String(cell)
    }
  }

  @Test("there are enough recorded tables to speak of")
  func coverage() { #expect(Self.recorded.count > 40) }

  @Test("the tutorial's tables")
  func tutorial() {
    var table = Table(header: ["ID", "Key", "Value", "Type"])
    table.append([
      "5fefe32a3325c38533bc92bcd0ee1b9bae1ae7267449d6e044576e24303a5ec1", "fibonacciNum", "10", "Env",
    ])
    table.append(["9b376c4f205c666484f9ca36e6eb898e684cab3abb0b7868edf1a95cc5574191", "result", "55", "Out"])
    #expect(
      table.text == """
        +------------------------------------------------------------------+--------------+-------+------+
        |                                ID                                |     KEY      | VALUE | TYPE |
        +------------------------------------------------------------------+--------------+-------+------+
        | 5fefe32a3325c38533bc92bcd0ee1b9bae1ae7267449d6e044576e24303a5ec1 | fibonacciNum |    10 | Env  |
        | 9b376c4f205c666484f9ca36e6eb898e684cab3abb0b7868edf1a95cc5574191 | result       |    55 | Out  |
        +------------------------------------------------------------------+--------------+-------+------+

        """)
  }

  @Test(
    "what counts as a number",
    arguments: [
      ("10", true), ("-1", true), ("3.14", true), (".5", true), ("", true), ("--5", true), (" 7 ", true),
      ("1e9", false), ("1.2.3", false), ("10 MiB", false), ("0x10", false), ("5%", false),
    ])
  func numbers(cell: String, isNumber: Bool) { #expect(Table.isNumber(cell) == isNumber) }

  @Test(
    "wide texts are wrapped at their spaces, as evenly as it goes",
    arguments: [
      ("short text", ["short text"]),
      ("AMD Ryzen 9 5950X (32) @ 3.400GHz", ["AMD Ryzen 9 5950X (32) @", "3.400GHz"]),
      (
        "the input must be a whole number between zero and twenty million",
        ["the input must be a whole", "number between zero and twenty", "million"]
      ),
      (String(repeating: "9", count: 80), [String(repeating: "9", count: 80)]),
      ("a\nb", ["a", "b"]), ("a\r\nb", [#"a\r"#, "b"]),
    ])
  func wrapping(text: String, lines: [String]) { #expect(CellText.lines(text) == lines) }

  @Test("a million words are wrapped in reasonable time", .timeLimit(.minutes(10)))
  func wrapsMuch() {
    let lines = CellText.lines(String(repeating: "word ", count: 100_000))
    #expect(lines.allSatisfy { $0.utf8.count <= 30 })
  }

  @Test("wide and combining characters take the columns they take on a terminal")
  func widths() {
    #expect(CellText.width("höher") == 5)
    #expect(CellText.width("e\u{301}") == 1)
    #expect(CellText.width("数字") == 4)
    var table = Table()
    table.append(["数字", "x"])
    table.append(["abcd", "y"])
    #expect(table.text.split(separator: "\n")[1] == "| 数字 | x |")
  }

  @Test("a cell cannot steer the terminal")
  func controlCharacters() {
    let lines = CellText.lines("\u{1b}[2Jgone\r\t\u{9b}31m")
    #expect(lines.joined().unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    #expect(lines[0].hasPrefix(#"\u{1B}[2Jgone"#))
  }
}
