import Testing

@testable import PrometheusMetrics

@Suite("What the process uses")
struct ProcessFiguresTests {
  @Test("a status is read whatever the program is called")
  func status() throws {
    let text = """
      4711 (a) b (c) S 1 2 3 0 -1 4194560 1 2 3 4 150 50 7 8 20 0 5 0 987654 12345678 321 18446744073709551615 1 2
      """
    let status = try #require(ProcessFigures.Status(text))
    #expect(status.cpuTicks == 200 && status.startTicks == 987_654)
    #expect(status.virtualBytes == 12_345_678 && status.residentPages == 321)
  }

  @Test(
    "what is cut off is no status", arguments: ["", "1 (a", "1 (a) S 1 2", "1 (a) S x x x x x x x x x x x x"])
  func cutOff(text: String) {
    #expect(ProcessFigures.Status(text) == nil)
  }

  @Test("limits and the boot time are found in their files")
  func files() {
    let limits = """
      Limit                     Soft Limit           Hard Limit           Units
      Max open files            1024                 524288               files
      """
    #expect(ProcessFigures.descriptorLimit(limits) == 1024)
    #expect(ProcessFigures.descriptorLimit("Max open files   unlimited   unlimited   files\n") == .infinity)
    #expect(ProcessFigures.descriptorLimit("Max processes 1 2 processes") == nil)
    #expect(ProcessFigures.bootTime("cpu 1 2 3\nbtime 1700000000\nprocesses 5\n") == 1_700_000_000)
    #expect(ProcessFigures.bootTime("cpu 1 2 3\n") == nil)
  }

  @Test("this process has figures that can be true, each with help and type")
  func live() throws {
    let text = PrometheusRegistry().text()
    let lines = text.split(separator: "\n")
    func value(_ name: String) throws -> Double {
      let line = try #require(lines.first { $0.hasPrefix(name + " ") })
      return try #require(Double(line.dropFirst(name.count + 1)))
    }
    let resident = try value("process_resident_memory_bytes")
    #expect(resident > 1_000_000)
    #expect(try value("process_virtual_memory_bytes") >= resident)
    #expect(try value("process_cpu_seconds_total") >= 0)
    #expect(try value("process_open_fds") >= 1)
    #expect(try value("process_open_fds") <= value("process_max_fds"))
    #expect(try value("process_start_time_seconds") > 1_700_000_000)
    for name in ProcessFigures.help.keys {
      #expect(lines.contains { $0.hasPrefix("# HELP \(name) ") })
      #expect(lines.contains { $0.hasPrefix("# TYPE \(name) ") })
    }
    #expect(lines.count == 18)
  }

  @Test("what the kernel does not show is left out")
  func nothing() {
    #expect(ProcessFigures(folder: "/nowhere").series().isEmpty)
  }
}
