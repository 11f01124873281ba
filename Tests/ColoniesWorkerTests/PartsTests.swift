import Colonies
import Testing

@testable import ColoniesWorker

@Suite("Parts of a worker", .timeLimit(.minutes(10)))
struct PartsTests {
  @Test("a handler can look into the environment")
  func context() {
    var process = testProcess("p")
    process.spec.environment["a"] = "1"
    let context = WorkContext(process: process, timeRemaining: .seconds(3), logger: LogRecorder().logger)
    #expect(context.environmentValue("a") == "1" && context.environmentValue("b") == nil)
    #expect(context.timeRemaining == .seconds(3))
  }

  @Test("the signal that asks a worker to drain may come any number of times, others end it")
  func signals() {
    #expect(StopRequest(signal: Unregistration.drainSignal) == .drain)
    #expect(StopRequest(signal: 15) == .terminate(signal: 15))
  }

  @Test("a worker that would work on nothing is the program's mistake")
  func noConcurrency() async {
    await #expect(processExitsWith: .failure) {
      var harness = try Harness()
      harness.configuration.concurrency = 0
      _ = harness.makeWorker()
    }
  }
}
