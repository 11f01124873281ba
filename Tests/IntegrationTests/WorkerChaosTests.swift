import Colonies
import ColoniesClient
import Glibc
import HTTPTransport
import JSON
import Locking
import TestSupport
import Testing

/// Real workers and a real server, all of them killed, frozen, restarted and cut off at random moments.
///
/// Everything random follows from the seed; what the scheduler does in between does not. To run another number
/// of processes or another seed: `COLONIES_CHAOS_PROCESSES=100000 COLONIES_CHAOS_SEED=17`, or `hack/soak worker`.
@Suite("Worker chaos", .serialized, .timeLimit(.minutes(240)))
struct WorkerChaosTests {
  private static let seed = getenv("COLONIES_CHAOS_SEED").flatMap { UInt64(String(cString: $0)) } ?? 1
  private static let count = getenv("COLONIES_CHAOS_PROCESSES").flatMap { Int(String(cString: $0)) } ?? 600
  private static let apis =
    getenv("COLONIES_CHAOS_API").flatMap { API(rawValue: String(cString: $0)) }.map { [$0] } ?? API.allCases

  @Test("every process is done once in effect, or has failed with its reason", arguments: apis)
  func chaos(api: API) async throws {
    let chaos = try await WorkerChaos(api, processes: Self.count, seed: Self.seed)
    let report = try await chaos.run()
    #expect(
      report.problems.isEmpty, "seed \(Self.seed): \(report.problems.prefix(20).joined(separator: "\n"))")
    #expect(report.reported > report.processes / 2, "the workers' logs are not understood")
    // Chaos that did nothing would prove nothing.
    #expect(
      report.kills > 0 && report.serverKills > 0 && report.clockMoves > 0 && report.cuts > 0, "\(report)")
    print("worker chaos, \(api.rawValue) API, seed \(Self.seed): \(report)")
  }
}
