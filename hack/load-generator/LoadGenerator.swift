import ArgumentParser
import Colonies
import Glibc
import JSON

/// Measures a running server; `hack/bench` starts one and calls this.
@main
struct LoadGenerator: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load-generator",
    abstract: "Measure a Colonies server of this machine.",
    discussion: """
      For each number of clients: signed requests that do no queue work (plain), submissions, and pairs of \
      assign and close, each until all are done. Every client waits for its answer before it sends again. \
      Fails on the first error, and when a process is lost or given out twice.
      """)

  enum Output: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Option(help: "The server's data directory, for its address and its owner's key.")
  var dataDir: String

  @Option(help: "The server's process id, for its processor time.")
  var serverPid: Int32

  @Option(help: "How many clients work at once, in turn.")
  var clients = "1,8,64"

  @Option(help: "How often to measure.")
  var rounds = 3

  @Option(help: "Operations for each number of clients; a single client does a quarter of them.")
  var operations = 12_000

  @Option(help: "A table for people, or JSON.")
  var output = Output.text

  func run() throws {
    let widths = clients.split(separator: ",").compactMap { Int($0) }
    guard !widths.isEmpty, widths.allSatisfy({ (1...1000).contains($0) }), rounds > 0, operations >= 1000
    else {
      throw ValidationError("--clients takes numbers such as 1,8,64; --operations at least 1000")
    }
    let loop = LoadLoop(port: try port(), serverProcess: serverPid)
    let serverKey = try PrivateKey(hexadecimal: try text("server.key"))
    var benchmark = try Benchmark(loop: loop, serverKey: serverKey, workers: widths.max() ?? 1)
    // Until caches and allocators have settled.
    _ = try benchmark.measure(clients: widths.max() ?? 1, operations: 1000, round: 0)
    var measurements: [Benchmark.Measurement] = []
    for round in 1...rounds {
      for width in widths {
        measurements += try benchmark.measure(
          clients: width, operations: width == 1 ? operations / 4 : operations, round: round)
      }
    }
    let report = Report(measurements: measurements)
    print(output == .text ? report.text : report.json.text(.indented(2)))
  }

  private func port() throws -> UInt16 {
    let address = try text("address")
    guard let port = address.split(separator: ":").last.flatMap({ UInt16($0) }), address.hasPrefix("http:")
    else {
      throw LoadFailure("cannot use the address \(address)")
    }
    return port
  }

  private func text(_ name: String) throws -> String {
    guard let file = fopen("\(dataDir)/\(name)", "r") else {
      throw LoadFailure("no server works in \(dataDir): there is no file \(name)")
    }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 1024)
    let count = fread(&buffer, 1, buffer.count, file)
    return String(decoding: buffer[..<count].prefix { $0 != 0x0a }, as: UTF8.self)
  }
}
