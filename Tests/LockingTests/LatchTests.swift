import Locking
import Testing

@Suite(.timeLimit(.minutes(10))) struct LatchTests {
  @Test("a latch lets everybody pass who waits, before and after it opens")
  func latch() async {
    let latch = Latch()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<100 { group.addTask { await latch.wait() } }
      group.addTask { latch.open() }
    }
    #expect(latch.isOpen)
    await latch.wait()
  }

  @Test("a latch does not hold a cancelled task")
  func latchCancellation() async {
    for _ in 0..<200 {
      let latch = Latch()
      let task = Task { await latch.wait() }
      task.cancel()
      await task.value
      #expect(!latch.isOpen)
    }
  }
}
