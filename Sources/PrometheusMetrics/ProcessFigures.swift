#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// What this process uses, as the kernel tells it, under the names that Prometheus's clients share.
struct ProcessFigures: Sendable {
  static let help = [
    "process_cpu_seconds_total": "Total user and system CPU time spent in seconds.",
    "process_resident_memory_bytes": "Resident memory size in bytes.",
    "process_virtual_memory_bytes": "Virtual memory size in bytes.",
    "process_open_fds": "Number of open file descriptors.",
    "process_max_fds": "Maximum number of open file descriptors.",
    "process_start_time_seconds": "Start time of the process since unix epoch in seconds.",
  ]

  /// Where the kernel shows processes.
  private let folder: String
  private let ticksPerSecond: Double
  private let pageBytes: Double

  init(folder: String = "/proc") {
    self.folder = folder
    ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
    pageBytes = Double(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// A series each. Figures that the kernel does not tell are left out.
  func series() -> [(MetricKind, any Series)] {
    var series: [(MetricKind, any Series)] = []
    func gauge(_ name: String, _ value: Double) {
      let gauge = GaugeSeries(SeriesIdentity(family: name, labels: ""))
      gauge.set(value)
      series.append((.gauge, gauge))
    }
    if let text = contents("self/stat"), let status = Status(text) {
      let cpu = CounterSeries(SeriesIdentity(family: "process_cpu_seconds_total", labels: ""))
      cpu.increment(by: status.cpuTicks / ticksPerSecond)
      series.append((.counter, cpu))
      gauge("process_virtual_memory_bytes", status.virtualBytes)
      gauge("process_resident_memory_bytes", status.residentPages * pageBytes)
      if let start = contents("stat").flatMap(Self.bootTime) {
        gauge("process_start_time_seconds", start + status.startTicks / ticksPerSecond)
      }
    }
    if let limit = contents("self/limits").flatMap(Self.descriptorLimit) { gauge("process_max_fds", limit) }
    if let count = descriptorCount() { gauge("process_open_fds", Double(count)) }
    return series
  }

  /// What is used of `/proc/self/stat`; proc(5) numbers its fields from 1.
  struct Status: Hashable {
    let cpuTicks, startTicks, virtualBytes, residentPages: Double

    init?(_ text: String) {
      // The second field is the program's name, in parentheses, and may itself have spaces and parentheses.
      guard let end = text.lastIndex(of: ")") else { return nil }
      let fields = text[text.index(after: end)...].split(separator: " ")
      func field(_ number: Int) -> Double? { fields.count > number - 3 ? Double(fields[number - 3]) : nil }
      guard let user = field(14), let system = field(15), let start = field(22), let virtual = field(23),
        let resident = field(24)
      else { return nil }
      cpuTicks = user + system
      startTicks = start
      virtualBytes = virtual
      residentPages = resident
    }
  }

  /// When the machine started, in seconds of the epoch, from `/proc/stat`.
  static func bootTime(_ text: String) -> Double? {
    text.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Double($0.dropFirst(6)) }
  }

  /// How many descriptors the process may have, from `/proc/self/limits`.
  static func descriptorLimit(_ text: String) -> Double? {
    let title = "Max open files"
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(title) }),
      let soft = line.dropFirst(title.count).split(separator: " ").first
    else { return nil }
    return soft == "unlimited" ? .infinity : Double(soft)
  }

  private func descriptorCount() -> Int? {
    guard let directory = opendir("\(folder)/self/fd") else { return nil }
    defer { closedir(directory) }
    var count = 0
    while readdir(directory) != nil { count += 1 }
    // Without `.`, `..` and the one that reads the directory.
    return max(count - 3, 0)
  }

  private func contents(_ name: String) -> String? {
    let descriptor = open("\(folder)/\(name)", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      if count > 0 { bytes += buffer[..<count] } else if errno != EINTR { return nil }
    }
  }
}
