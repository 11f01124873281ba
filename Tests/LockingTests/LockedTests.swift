import Locking
import Testing

@Suite(.timeLimit(.minutes(10))) struct LockedTests {
  @Test("Changes from many tasks are all seen") func countsEveryChange() async {
    let count = Locked(0)
    await withDiscardingTaskGroup { group in
      for _ in 0..<8 {
        group.addTask { for _ in 0..<1000 { count.withLock { $0 += 1 } } }
      }
    }
    #expect(count.withLock { $0 } == 8000)
  }

  @Test("An error leaves the lock open") func errorUnlocks() {
    struct Refused: Error {}
    let value = Locked("a")
    #expect(throws: Refused.self) {
      try value.withLock { (value: inout String) throws(Refused) in
        value = "b"
        throw Refused()
      }
    }
    #expect(value.withLock { $0 } == "b")
  }
}
