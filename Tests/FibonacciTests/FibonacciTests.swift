import Testing

@testable import Fibonacci

@Suite("Fibonacci numbers", .timeLimit(.minutes(10)))
struct FibonacciTests {
  @Test(
    "known values",
    arguments: [
      (0, "0"), (1, "1"), (2, "1"), (3, "2"), (4, "3"), (5, "5"), (6, "8"), (7, "13"), (10, "55"),
      (20, "6765"), (50, "12586269025"), (90, "2880067194370816120"), (93, "12200160415121876738"),
      (94, "19740274219868223167"), (100, "354224848179261915075"),
      (200, "280571172992510140037611932413038677189525"),
    ])
  func values(index: Int, digits: String) async throws {
    #expect(try await Fibonacci.decimal(index) == digits)
  }

  @Test("F(1000), all 209 digits")
  func thousand() async throws {
    let expected =
      "43466557686937456435688527675040625802564660517371780402481729089536555417949051890403879840079255169295"
      + "922593080322634775209689623239873322471161642996440906533187938298969649928516003704476137795166849228"
      + "875"
    #expect(try await Fibonacci.decimal(1000) == expected)
  }

  @Test("the sum rule, from small numbers")
  func sums() async throws {
    var (before, present) = ("0", "1")
    for index in 2...400 {
      (before, present) = (present, decimalSum(before, present))
      #expect(try await Fibonacci.decimal(index) == present)
    }
  }

  @Test("F(n+m) = F(n)F(m+1) + F(n−1)F(m), modulo primes")
  func addition() async throws {
    var generator = SystemRandomNumberGenerator()
    for prime in [7, 97, 65_537, 1_000_000_007] {
      for _ in 0..<5 {
        let n = Int.random(in: 1...20_000, using: &generator)
        let m = Int.random(in: 0...20_000, using: &generator)
        var remainders: [Int] = []
        for index in [n + m, n, m + 1, n - 1, m] {
          remainders.append(remainder(of: try await Fibonacci.decimal(index), by: prime))
        }
        let expected = (remainders[1] * remainders[2] + remainders[3] * remainders[4]) % prime
        #expect(remainders[0] == expected, "n \(n), m \(m), prime \(prime)")
      }
    }
  }

  @Test("the last nine digits are those of the numbers modulo 10⁹")
  func lastDigits() async throws {
    var (before, present) = (0, 1)
    for index in 1...100_000 {
      if index % 12_345 == 0 {
        let digits = try await Fibonacci.decimal(index)
        #expect(Int(digits.suffix(9)) == present)
        #expect(digits.utf8.count == Fibonacci.digitCount(index: index))
      }
      (before, present) = (present, (before + present) % 1_000_000_000)
    }
  }

  @Test("the digit count is right for every small index")
  func digitCounts() async throws {
    for index in 0...1500 {
      #expect(try await Fibonacci.decimal(index).utf8.count == Fibonacci.digitCount(index: index))
    }
    #expect(Fibonacci.digitCount(index: 20_000_000) == 4_179_753)
    #expect(Fibonacci.digitCount(index: 25_000_000) == 5_224_691)
    #expect(Fibonacci.digitCount(index: 100_000_000) == 20_898_764)
  }

  @Test("F(5,000,000)", .timeLimit(.minutes(10)))
  func large() async throws {
    let digits = try await Fibonacci.decimal(5_000_000)
    #expect(digits.utf8.count == 1_044_938)
    // Not the number itself: a failure would print it.
    #expect(digits.prefix(20) == "71082859720585272369")
    #expect(digits.suffix(20) == "13317404393849453125")
    let prime = 1_000_000_007
    #expect(remainder(of: digits, by: prime) == fibonacci(5_000_000, modulo: prime))
  }

  @Test("what is outside the range is refused before anything is computed")
  func refusals() async throws {
    await #expect(throws: FibonacciError.negative(-1)) { try await Fibonacci.decimal(-1) }
    await #expect(throws: FibonacciError.aboveLimit(101, limit: 100)) {
      try await Fibonacci.decimal(101, limit: 100)
    }
    await #expect(throws: FibonacciError.aboveLimit(.max, limit: Fibonacci.largestIndex)) {
      try await Fibonacci.decimal(.max, limit: .max)
    }
    #expect(try await Fibonacci.decimal(100, limit: 100) == "354224848179261915075")
  }

  @Test("a cancelled task gets no number")
  func cancellation() async throws {
    let task = Task {
      await Task.yield()
      while !Task.isCancelled { await Task.yield() }
      return try await Fibonacci.decimal(1000)
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("many at a time")
  func concurrency() async throws {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<50 { group.addTask { try await Fibonacci.decimal(93) == "12200160415121876738" } }
      for try await isRight in group { #expect(isRight) }
    }
  }

  private func remainder(of digits: String, by divisor: Int) -> Int {
    digits.utf8.reduce(0) { ($0 * 10 + Int($1 - 0x30)) % divisor }
  }

  private func decimalSum(_ left: String, _ right: String) -> String {
    var digits: [UInt8] = []
    var carry: UInt8 = 0
    var left = Array(left.utf8)[...]
    var right = Array(right.utf8)[...]
    while !left.isEmpty || !right.isEmpty || carry > 0 {
      let sum = (left.popLast() ?? 0x30) - 0x30 + (right.popLast() ?? 0x30) - 0x30 + carry
      digits.append(sum % 10 + 0x30)
      carry = sum / 10
    }
    return String(decoding: digits.reversed(), as: UTF8.self)
  }

  /// By doubling: F(2k) = F(k)(2F(k+1) − F(k)), F(2k+1) = F(k)² + F(k+1)².
  private func fibonacci(_ index: Int, modulo prime: Int) -> Int {
    var (present, following) = (0, 1)
    for bit in (0..<Int.bitWidth - index.leadingZeroBitCount).reversed() {
      let doubled = present * ((2 * following - present + prime) % prime) % prime
      let next = (present * present + following * following) % prime
      (present, following) = index >> bit & 1 == 1 ? (next, (doubled + next) % prime) : (doubled, next)
    }
    return present
  }
}

@Suite("Indices that people write", .timeLimit(.minutes(10)))
struct FibonacciIndexTests {
  typealias Reason = FibonacciIndex.ParseError.Reason

  @Test("digits are read", arguments: [("0", 0), ("10", 10), ("007", 7), ("20000000", 20_000_000)])
  func valid(text: String, value: Int) throws {
    #expect(try FibonacciIndex(parsing: text, limit: 20_000_000).value == value)
  }

  @Test(
    "everything else is explained",
    arguments: [
      ("", Reason.empty), ("-1", .negative), ("-99999999999999999999", .negative), ("ten", .notANumber),
      ("1e6", .notANumber), ("1 000", .notANumber), (" 10", .notANumber), ("10\n", .notANumber),
      ("+10", .notANumber), ("-", .notANumber), ("--1", .notANumber), ("10.0", .notANumber),
      ("0x10", .notANumber), ("1_000", .notANumber), ("٣", .notANumber), ("20000001", .aboveLimit),
      ("99999999999999999999999999", .aboveLimit),
    ])
  func invalid(text: String, reason: Reason) throws {
    let error = #expect(throws: FibonacciIndex.ParseError.self) {
      try FibonacciIndex(parsing: text, limit: 20_000_000)
    }
    #expect(error?.reason == reason)
    #expect(error?.description.contains("whole number from 0 to 20000000") == true)
    #expect(error?.description.contains("\n") == false)
  }

  @Test("sentences")
  func sentences() {
    func sentence(_ text: String) -> String {
      do {
        return "\(try FibonacciIndex(parsing: text, limit: 100).value)"
      } catch {
        return "\(error)"
      }
    }
    let end = "give a whole number from 0 to 100, for example 10."
    #expect(sentence("") == "is empty: \(end)")
    #expect(sentence("1e6") == "is \"1e6\", which is not a whole number in decimal digits: \(end)")
    #expect(sentence("-5") == "is \"-5\", which is negative: \(end)")
    #expect(sentence("101") == "is \"101\", which is more than this worker computes: \(end)")
    let long = String(repeating: "9", count: 1_000_000)
    #expect(
      sentence(long)
        == "is \"\(long.prefix(40))…\" (1000000 characters), which is more than this worker computes: \(end)")
  }
}
