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
}
