import JSON
import Locking
import Logging
import Testing

@testable import AutoscalerController

@Suite("Log lines")
struct LineLogHandlerTests {
  private func lines(_ format: LogFormat, _ write: (Logger) -> Void) -> [String] {
    let lines = Locked<[String]>([])
    var logger = Logger(label: "test") { label in
      LineLogHandler(format: format, label: label) { line in
        lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
      }
    }
    logger[metadataKey: "scaler"] = "fib"
    write(logger)
    return lines.withLock { $0 }
  }

  @Test("JSON lines are one object each, with numbers that are numbers")
  func json() throws {
    let lines = lines(.json) {
      $0.info(
        "two\nlines \"quoted\"",
        metadata: [
          "event": "test", "count": .stringConvertible(3), "age": .stringConvertible(1.5),
          "pid": .stringConvertible(Int32(7)), "dryRun": .stringConvertible(true), "list": ["a", "b"],
        ])
    }
    #expect(lines.count == 1)
    let line = try #require(lines.first)
    #expect(line.hasSuffix("}\n") && line.split(separator: "\n").count == 1)
    let json = try JSONValue(parsing: line)
    #expect(json["time"]?.string?.hasSuffix("Z") == true)
    #expect(json["level"] == "info" && json["logger"] == "test")
    #expect(json["message"] == "two\nlines \"quoted\"")
    #expect(
      json["metadata"] == [
        "age": .double(1.5), "count": 3, "dryRun": true, "event": "test", "list": ["a", "b"], "pid": 7,
        "scaler": "fib",
      ])
  }

  @Test("text lines begin with the scaler and end with what is left")
  func text() throws {
    let lines = lines(.text) {
      $0.warning("first\nsecond", metadata: ["event": "x", "reason": "Steady", "file": "a b"])
    }
    let line = try #require(lines.first)
    let rest = line.drop { $0 != " " }
    #expect(rest == " warning fib: first; second file=\"a b\" reason=Steady\n")
  }
}
