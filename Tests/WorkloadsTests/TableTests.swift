import Simulation
import TestSupport
import Testing
import Workloads

@Suite("Tables of processes")
struct TableTests {
  private let directory = TemporaryDirectory()

  private func processes(_ text: String) throws -> [SimulatedProcess] {
    try Workload(file: directory.write(text, to: "t.csv")).collected()
  }

  @Test("columns in any order, quotes, comments, both line ends, and others' columns")
  func forms() throws {
    let found = try processes(
      "# by hand\r\ntype,note,\"submitted\",service\r\n\r\ngpu,\"a, \"\"b\"\"\",0,30\r\n,,2.25,0.5\n\"cpu\",x,2.25,0"
    )
    #expect(
      found == [
        SimulatedProcess(submittedAt: .zero, serviceTime: .seconds(30), executorType: "gpu"),
        SimulatedProcess(
          submittedAt: .milliseconds(2_250), serviceTime: .milliseconds(500), executorType: "worker"),
        // Nothing takes no time at all.
        SimulatedProcess(
          submittedAt: .milliseconds(2_250), serviceTime: .milliseconds(1), executorType: "cpu"),
      ])
  }

  @Test("times are counted from the first row, whether they are dates or seconds")
  func origins() throws {
    let dates = try processes(
      "submitted,service\n2023-12-31T23:59:59.5Z,1\n2024-01-01 00:00:00,1\n2024-03-01 00:00:00.0000001,1\n")
    #expect(
      dates.map(\.submittedAt) == [
        .zero, .milliseconds(500), .milliseconds(500) + .seconds(60 * 86_400) + .nanoseconds(100),
      ])
    let seconds = try processes("submitted,service\n1700000000,1\n1700000000.5,1\n")
    #expect(seconds.map(\.submittedAt) == [.zero, .milliseconds(500)])
  }

  @Test(
    "what is wrong is said with file, line, column, what was found and what was expected",
    arguments: [
      ("", "t.csv: is empty; expected a first line submitted,service"),
      (
        "time,service\n",
        "t.csv:1: has no column \"submitted\"; found time,service, expected submitted,service"
      ),
      ("submitted,service\n1,2,3\n", "t.csv:2: has 3 fields, expected 2"),
      (
        "submitted,service\n1,2\nsoon,2\n",
        "t.csv:3:1: submitted must be seconds like 12.5, or a time like 2026-11-25 08:00:00, got \"soon\""
      ),
      (
        "submitted,service\n1,-2\n",
        "t.csv:2:3: service must be seconds like 12.5, at most 604800, got \"-2\""
      ),
      (
        "submitted,service\n1,\n", "t.csv:2:3: service must be seconds like 12.5, at most 604800, got nothing"
      ),
      (
        "submitted,service\nähm,2\n",
        "t.csv:2:1: submitted must be seconds like 12.5, or a time like 2026-11-25 08:00:00, got \"ähm\""
      ),
      (
        "submitted,service\n10,1\n\n9,1\n",
        "t.csv:4:1: 9 is before the row above; sort the rows by time, for example with sort -t, -k1,1"
      ),
      ("submitted,service\n\"1,2\n", "t.csv:2:1: has a quote that is not closed"),
      ("submitted,service\n\"1\"x,2\n", "t.csv:2:1: has text behind a closing quote; expected a comma"),
    ])
  func problems(text: String, message: String) throws {
    let error = #expect(throws: WorkloadError.self) { try processes(text) }
    #expect(error?.description == "\(directory.path)/\(message)")
  }

  @Test(
    "dates that no calendar has, exponents and signs are refused",
    arguments: ["2023-13-01 00:00:00", "1e3", "+1", "NaN", "2023-11-16 24:00:00", "2023-11-16", ".5", "5."])
  func moments(text: String) {
    #expect(throws: WorkloadError.self) { try processes("submitted,service\n\(text),1\n") }
  }

  @Test("a file that is not there, and one that is no text")
  func unreadable() throws {
    let error = #expect(throws: WorkloadError.self) { try Workload(file: "/nowhere/t.csv").collected() }
    #expect(error?.description == "/nowhere/t.csv: cannot be read: No such file or directory")
    let long = #expect(throws: WorkloadError.self) {
      try processes("submitted,service\n" + String(repeating: "x", count: 5_000))
    }
    #expect(long?.message == "is longer than 4096 bytes; is this a text?")
  }

  @Test(
    "what is written is read again", arguments: [Duration.zero, .seconds(1_795_593_600) + .nanoseconds(1)])
  func roundTrip(begins: Duration) throws {
    let written = [
      SimulatedProcess(submittedAt: .zero, serviceTime: .milliseconds(1), executorType: "#a,b\"c"),
      SimulatedProcess(
        submittedAt: .nanoseconds(1_000_000_020), serviceTime: .seconds(86_400), executorType: "gpu",
        priority: -7),
      SimulatedProcess(
        submittedAt: .seconds(400_000_000), serviceTime: .milliseconds(12_050), executorType: "ö"),
    ]
    let text = ProcessTableText.write(written, begins: begins)
    #expect(try processes(text) == written)
    let error = #expect(throws: WorkloadError.self) { try processes(text.replacing(",-7", with: ",-70000")) }
    #expect(error?.message == "priority must be a whole number from -50000 to 50000, got \"-70000\"")
  }

  @Test("a summary counts what one type has, and notes the others")
  func summary() throws {
    let workload = try Workload(
      file: directory.write("submitted,service,type\n0,30,a\n40,5,b\n60,10,a\n90,1,b\n", to: "t.csv"))
    let all = try WorkloadSummary(workload)
    #expect(all.count == 4 && all.length == .seconds(90) && all.work == .seconds(46))
    let one = try WorkloadSummary(workload, executorType: "a")
    #expect(one.count == 2 && one.length == .seconds(60) && one.executorTypes == ["a", "b"])
    #expect(one.meanServiceTime == .seconds(20) && one.meanLoad.map { abs($0 - 2.0 / 3) < 1e-9 } == true)
    let none = try WorkloadSummary(workload, executorType: "c")
    #expect(none.meanServiceTime == nil && none.meanLoad == nil)
  }

  @Test("lines that go over the end of a block are read whole")
  func blocks() throws {
    let rows = (0..<20_000).map { "\($0).5,\($0 % 97)" }
    let found = try processes("submitted,service\n" + rows.joined(separator: "\n"))
    #expect(found.count == 20_000)
    #expect(found.last?.submittedAt == .seconds(19_999))
    #expect(found.last?.serviceTime == .seconds(19_999 % 97))
  }
}
