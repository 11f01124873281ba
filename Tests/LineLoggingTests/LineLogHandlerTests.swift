import JSON
import LineLogging
import Locking
import Logging
import Testing

@Suite("Log lines")
struct LineLogHandlerTests {
  private func lines(_ format: LogFormat, _ write: (Logger) -> Void) -> [String] {
    let lines = Locked<[String]>([])
    var logger = Logger(label: "test") { label in
      LineLogHandler(format: format, label: label, subject: "scaler") { line in
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

  @Test("text lines begin with the subject and end with what is left")
  func text() throws {
    let lines = lines(.text) {
      $0.warning("first\nsecond", metadata: ["event": "x", "reason": "Steady", "file": "a b"])
    }
    let line = try #require(lines.first)
    let rest = line.drop { $0 != " " }
    #expect(rest == " warning fib: first; second file=\"a b\" reason=Steady\n")
  }

  @Test("a log line is one JSON object")
  func jsonLog() throws {
    let lines = Locked<[[UInt8]]>([])
    var logger = Logger(label: "worker") { label in
      LineLogHandler(format: .json, label: label) { line in lines.withLock { $0.append(line) } }
    }
    logger[metadataKey: "process"] = "p1"
    logger.warning("a \"quoted\"\nmessage", metadata: ["list": ["a", "b"], "nested": ["k": "v"]])
    logger.debug("not at this level")
    let line = try #require(lines.withLock { $0.count == 1 ? $0[0] : nil })
    #expect(line.last == UInt8(ascii: "\n") && line.count { $0 == UInt8(ascii: "\n") } == 1)
    let json = try JSONValue(parsing: line)
    #expect(json["level"] == "warning" && json["logger"] == "worker")
    #expect(json["message"] == "a \"quoted\"\nmessage")
    #expect(json["metadata"] == ["list": ["a", "b"], "nested": ["k": "v"], "process": "p1"])
    #expect(json["time"]?.string?.hasSuffix("Z") == true)
  }

  @Test("an error is part of the line", arguments: LogFormat.allCases)
  func error(_ format: LogFormat) throws {
    struct Refused: Error, CustomStringConvertible { let description = "was refused" }
    let line = try #require(lines(format) { $0.error("no answer", error: Refused()) }.first)
    #expect(line.contains(format == .json ? #""error":"was refused""# : #"no answer error="was refused""#))
  }
}
