internal import CGMP
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Fibonacci numbers, exactly: F(0) = 0, F(1) = 1, F(n) = F(n−1) + F(n−2).
public enum Fibonacci {
  /// The largest index that any call computes. F(100,000,000) has 20,898,764 digits and takes about six
  /// seconds; far beyond it a computation no longer ends in a time anybody waits for.
  public static let largestIndex = 100_000_000

  /// How many decimal digits F(n) has.
  /// - Parameter index: n, 0…`largestIndex`.
  public static func digitCount(index: Int) -> Int {
    // F(n) is φⁿ/√5, rounded, and this its logarithm: the factor is log₁₀ φ, the rest log₁₀ √5. Up to the
    // largest index a double keeps eight decimals of it.
    guard index > 1 else { return 1 }
    return Int(Double(index) * 0.208_987_640_249_978_73 - 0.349_485_002_168_009_4) + 1
  }

  /// Computes F(n) in decimal notation.
  ///
  /// Runs on a thread of its own, so that other tasks of the program go on. The library underneath cannot be
  /// interrupted: a cancelled call ends between its two steps (computing, converting to decimal), or not
  /// before its end; it then throws all the same.
  /// - Parameters:
  ///   - index: n, from 0.
  ///   - limit: The largest n to compute; no more than `largestIndex` counts. It bounds the memory, which is less than
  ///     n bytes and 1 MiB at its peak, the result included, as measured: the number has 0.0868 bytes for each step of
  ///     n and its text 0.209, and the conversion works with several copies. The library underneath ends the program
  ///     when it does not get its memory.
  /// - Throws: `FibonacciError` when n is outside the range or there is no thread to be had;
  ///   `CancellationError`.
  public static func decimal(_ index: Int, limit: Int = largestIndex) async throws -> String {
    guard index >= 0 else { throw FibonacciError.negative(index) }
    let limit = min(limit, largestIndex)
    guard index <= limit else { throw FibonacciError.aboveLimit(index, limit: limit) }
    try Task.checkCancellation()
    let isCancelled = CancellationFlag()
    let text = try await withTaskCancellationHandler {
      try await onNewThread { compute(UInt(index)) { isCancelled.value } }
    } onCancel: {
      isCancelled.raise()
    }
    guard let text else { throw CancellationError() }
    return text
  }

  /// F(n), or nil when it was given up before the conversion.
  private static func compute(_ index: UInt, isCancelled: () -> Bool) -> String? {
    var number = __mpz_struct()
    gmp_init(&number)
    defer { gmp_clear(&number) }
    gmp_fib(&number, index)
    if isCancelled() { return nil }
    // The size may be one too large; beside it there is the terminating zero. A negative sign never is.
    let capacity = gmp_size_in_base(&number, 10) + 1
    return String(unsafeUninitializedCapacity: capacity) { buffer in
      buffer.withMemoryRebound(to: CChar.self) { characters in
        _ = gmp_get_string(characters.baseAddress, 10, &number)
        return characters.baseAddress.map { strlen($0) } ?? 0
      }
    }
  }

  private static func onNewThread<Value: Sendable>(
    _ body: @escaping @Sendable () -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
      let work = Unmanaged.passRetained(ThreadBody { continuation.resume(returning: body()) })
      var thread = pthread_t()
      let status = pthread_create(&thread, nil, runThreadBody, work.toOpaque())
      guard status == 0 else {
        work.release()
        continuation.resume(throwing: FibonacciError.noThread(errno: status))
        return
      }
      pthread_detach(thread)
    }
  }
}

/// What a new thread does, in a box that fits through a C pointer.
private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func runThreadBody(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
  return nil
}

private final class CancellationFlag: Sendable {
  private let raised = Atomic(false)
  var value: Bool { raised.load(ordering: .relaxed) }
  func raise() { raised.store(true, ordering: .relaxed) }
}
