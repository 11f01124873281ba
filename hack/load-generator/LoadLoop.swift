import Glibc

/// What one client does: it sends a request, reads the answer, and goes on.
protocol LoadClient {
  /// The next request as it travels, or nil when there is nothing more to do.
  mutating func next() throws -> [UInt8]?
  /// Takes an answer.
  /// - Returns: Whether it completes an operation.
  mutating func receive(_ answer: Connection.Answer) throws -> Bool
}

/// How long a number of operations took.
struct LoadResult {
  /// Of each operation, in nanoseconds, sorted.
  var latencies: [UInt64]
  /// From the first request to the last answer.
  var elapsed: Double
  /// Of this program, in cores.
  var generatorLoad: Double
  /// Of the server, in cores.
  var serverLoad: Double

  var perSecond: Double { Double(latencies.count) / elapsed }

  func milliseconds(percentile: Double) -> Double {
    guard !latencies.isEmpty else { return 0 }
    return Double(latencies[min(latencies.count - 1, Int(Double(latencies.count) * percentile))]) / 1e6
  }
}

/// Clients that work at the same time, each on a connection of its own, all on this thread: each waits for its
/// answer before it sends again.
struct LoadLoop {
  let port: UInt16
  let serverProcess: pid_t

  /// Works until every client has nothing more to do.
  func run<Client: LoadClient>(_ clients: inout [Client]) throws -> LoadResult {
    let connections = try clients.map { _ in try Connection(port: port) }
    var entries = connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    var latencies: [UInt64] = []
    let (ownBefore, serverBefore) = (CPUTime.own(), try CPUTime.of(serverProcess))
    let begin = monotonicNanoseconds()
    var active = 0
    for index in clients.indices {
      if let request = try clients[index].next() {
        connections[index].operationStart = monotonicNanoseconds()
        try connections[index].send(request)
        active += 1
      }
    }
    while active > 0 {
      let count = poll(&entries, nfds_t(entries.count), 10_000)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw LoadFailure("the server has not answered for 10 seconds") }
      for index in entries.indices where entries[index].revents != 0 {
        let connection = connections[index]
        guard let answer = try connection.receive() else { continue }
        if try clients[index].receive(answer) {
          let now = monotonicNanoseconds()
          latencies.append(now - connection.operationStart)
          connection.operationStart = now
        }
        if let request = try clients[index].next() {
          try connection.send(request)
        } else {
          active -= 1
        }
      }
    }
    let elapsed = Double(monotonicNanoseconds() - begin) / 1e9
    return LoadResult(
      latencies: latencies.sorted(), elapsed: elapsed,
      generatorLoad: (CPUTime.own() - ownBefore) / elapsed,
      serverLoad: (try CPUTime.of(serverProcess) - serverBefore) / elapsed)
  }
}

func monotonicNanoseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// Processor time, in seconds.
enum CPUTime {
  /// Of this program.
  static func own() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Of another program, in steps of a hundredth of a second.
  static func of(_ process: pid_t) throws -> Double {
    guard let file = fopen("/proc/\(process)/stat", "r") else { throw LoadFailure("the server has ended") }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 1024)
    let count = fread(&buffer, 1, buffer.count, file)
    let fields = String(decoding: buffer[..<count], as: UTF8.self).split(separator: ")").last?.split(
      separator: " ")
    // Behind the name: user time is the 12th field, system time the 13th.
    guard let fields, fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
      throw LoadFailure("cannot read the server's processor time")
    }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
