import ArgumentParser
import Glibc
import JSON
import KubernetesTestSupport
import TestSupport

/// Measures the autoscaler's program; `hack/bench autoscaler` builds what it needs and calls this.
@main
struct AutoscalerBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "autoscaler-bench",
    abstract: "Measure the autoscaler against a real API server.",
    discussion: """
      Starts etcd, kube-apiserver and a Colonies server on free ports of the loopback interface, and the \
      autoscaler with 1, 100 and 1,000 scalers one after the other, all with default settings and a lease. \
      Nothing else works in that cluster. Everything is ended in the end, also by Ctrl-C.

      EXIT STATUS
        0 measured, whether or not the aims were met   1 something failed   64 bad arguments
      """)

  enum Output: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Option(help: "The autoscaler's program.")
  var autoscaler: String

  @Option(help: "The program of the command line, which has the Colonies server.")
  var colonies: String

  @Option(help: "A directory with kube-apiserver and etcd.")
  var assets: String

  @Option(help: "How the autoscaler's program was built, for the report.")
  var build = "unknown"

  @Option(help: "How many submissions are followed. (default: 40; with --quick 10)")
  var submissions: Int?

  @Option(help: "The numbers of scalers, in turn.")
  var scalers = "1,100,1000"

  @Option(help: "Where the phases of the submissions begin.")
  var seed: UInt64 = 1

  @Flag(help: "Short windows and few submissions.")
  var quick = false

  @Option(help: "Tables for people, or JSON.")
  var output = Output.text

  private var numbers: [Int] { scalers.split(separator: ",").compactMap { Int($0) } }

  func validate() throws {
    guard !numbers.isEmpty, numbers.count == scalers.split(separator: ",").count,
      numbers.allSatisfy({ (1...1_000).contains($0) })
    else { throw ValidationError("--scalers takes numbers up to 1000, such as 1,100,1000") }
    guard (1...1_000).contains(submissions ?? 1) else {
      throw ValidationError("--submissions takes a number from 1 to 1000")
    }
  }

  func run() async throws {
    let plan = BenchPlan(
      scalers: numbers, submissions: submissions ?? (quick ? 10 : 40), isQuick: quick, seed: seed)
    let load = Machine.load
    let results = try await interruptibly {
      try await APIServer.run(at: .programs(assets)) { server in
        try await Bench(plan: plan, server: server, colonies: colonies, autoscaler: autoscaler).run()
      }
    }
    let report = Report(results: results, plan: plan, build: build, loadBefore: load)
    print(output == .text ? report.text : report.json.text(.indented(2)))
  }
}
