/// Why a Fibonacci number was not computed.
public enum FibonacciError: Error, Sendable, Hashable {
  /// The index is below zero.
  case negative(Int)
  /// The index is larger than what is computed here.
  case aboveLimit(Int, limit: Int)
  /// The system gave no thread; the number is the system's error.
  case noThread(errno: Int32)
}

extension FibonacciError: CustomStringConvertible {
  /// A sentence for people.
  public var description: String {
    switch self {
    case .negative(let index): "F(\(index)) is not computed: the index has to be 0 or more"
    case .aboveLimit(let index, let limit):
      "F(\(index)) is not computed: the largest index allowed is \(limit)"
    case .noThread(let number): "there is no thread to compute on (system error \(number))"
    }
  }
}
