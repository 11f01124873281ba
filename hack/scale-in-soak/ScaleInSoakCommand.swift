import ArgumentParser
import Glibc
import KubernetesTestSupport
import ScaleInSoak
import TestSupport

/// Looks for scale-ins that take a busy worker; `hack/soak scale-in` builds what it needs and calls this.
@main
struct ScaleInSoakCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scale-in-soak",
    abstract: "Soak the scale-in of a cluster's workers.",
    discussion: """
      Starts etcd, kube-apiserver and its controllers; in rounds, a Colonies server, Deployments of real worker \
      processes, and two autoscalers, which are killed; provokes races at the steps of the protocol; and checks what \
      the queue, the workers and the cluster have seen.

      EXIT STATUS
        0 nothing was found   1 something was found, or failed   64 bad arguments
      """)

  @Option(help: "The program of the command line, which has the Colonies server.")
  var colonies: String

  @Option(help: "The autoscaler's program.")
  var autoscaler: String

  @Option(help: "The program of the workers, soak-worker.")
  var worker: String

  @Option(help: "A directory with kube-apiserver, kube-controller-manager and etcd.")
  var assets: String

  @Option(help: "How many workers are to be taken away in all.")
  var actions = 10_000

  @Option(help: "How many workers are taken away in a round.")
  var round = 1000

  @Option(help: "How many minutes there are for all rounds; the last one may end later.")
  var minutes = 600

  @Option(help: "How many Deployments are scaled at once.")
  var targets = 12

  @Option(help: "An existing directory for the logs of rounds in which something was found.")
  var evidence: String?

  @Option(help: "Where the choices begin.")
  var seed: UInt64 = .random(in: 0...0xffff_ffff)

  func validate() throws {
    for (name, value, range) in [
      ("actions", actions, 1...1_000_000), ("round", round, 1...10_000), ("minutes", minutes, 1...100_000),
      ("targets", targets, 1...64),
    ] where !range.contains(value) {
      throw ValidationError("--\(name) takes a number from \(range.lowerBound) to \(range.upperBound)")
    }
  }

  func run() async throws {
    let found = try await interruptibly {
      try await APIServer.run(at: .programs(assets), controllers: .allButReplicaSets) { server in
        try await rounds(on: server)
      }
    }
    if !found.problems.isEmpty { throw ExitCode.failure }
  }

  private func rounds(on server: APIServer) async throws -> SoakOutcome {
    let begin = ContinuousClock.now
    let end = begin + .seconds(60 * minutes)
    var total = SoakOutcome()
    var number = 0
    say("seed \(seed)")
    while total.removed < actions, ContinuousClock.now < end {
      var plan = SoakPlan(
        programs: .init(colonies: colonies, autoscaler: autoscaler, worker: worker),
        seed: seed &+ UInt64(number), actions: min(round, actions - total.removed),
        limit: min(.seconds(3600), max(end - .now, .seconds(1))))
      plan.targets = targets
      plan.evidence = evidence
      let outcome = try await SoakRound(plan, on: server).run { [number] in say("round \(number): \($0)") }
      total += outcome
      number += 1
      say(
        "round \(number - 1), seed \(plan.seed): \(outcome.problems.isEmpty ? "nothing found" : "FOUND"), "
          + "\(total.removed) of \(actions) workers taken away after \((ContinuousClock.now - begin).components.seconds) s"
      )
      for problem in outcome.problems { say("  \(problem)") }
    }
    if total.removed < actions {
      total.problems.append("there was time for \(total.removed) of \(actions) workers to be taken away")
    }
    for step in total.untriedSteps {
      total.problems.append("no leader was killed or asked to end at the step \(step)")
    }
    for combination in total.untriedCombinations {
      total.problems.append("no worker was taken away with \(combination)")
    }
    print("seed                           \(seed), \(number) rounds")
    print("took                           \((ContinuousClock.now - begin).components.seconds) s")
    print(total.text)
    return total
  }

  private func say(_ text: String) {
    // There is nowhere to say that standard error is closed.
    _ = Array("\(text)\n".utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
