internal import Colonies
internal import ColoniesWorker
internal import Fibonacci
internal import JSON
internal import Logging

/// Computes the Fibonacci number that a process asks for.
struct FibonacciHandler: Sendable {
  /// Where a process says which number it wants.
  static let variable = "fibonacciNum"

  /// The largest index by default. F(20,000,000) has 4,179,753 digits, and storing it takes a request of
  /// 5.6 MB.
  static let defaultLimit = 20_000_000

  /// The largest index that `FIBONACCI_MAX_N` may allow. F(25,000,000) has 5,224,691 digits; storing it takes a
  /// request of 7 MB, which fits the 8 MiB that `colonies server start` takes by default, and reading the
  /// process with attribute and output a reply of 14 MB.
  static let largestLimit = 25_000_000

  /// From here on a computation takes long enough for somebody to look into its log meanwhile.
  static let largeIndex = 1_000_000

  /// The largest index that is computed; a larger one is a failed process.
  var limit = Self.defaultLimit

  func callAsFunction(_ context: WorkContext) async throws -> ProcessOutput {
    let index = try index(context)
    if index.value >= Self.largeIndex {
      context.report(
        "computing F(\(index.value)), a number of \(Fibonacci.digitCount(index: index.value)) digits")
    }
    let start = ContinuousClock.now
    let digits = try await Fibonacci.decimal(index.value, limit: limit)
    context.logger.info(
      "computed",
      metadata: [
        "n": "\(index.value)", "digits": "\(digits.utf8.count)", "took": "\(ContinuousClock.now - start)",
      ])
    return ProcessOutput(result: digits)
  }

  /// - Throws: `ProcessFailure` with a sentence for the person who submitted the process.
  func index(_ context: WorkContext) throws -> FibonacciIndex {
    guard let text = context.environmentValue(Self.variable) ?? firstArgument(context) else {
      throw ProcessFailure(
        "\(Self.variable) is missing: set it in the process spec's \"env\" to a whole number from 0 to "
          + "\(limit), for example {\"\(Self.variable)\": \"10\"}.")
    }
    do {
      return try FibonacciIndex(parsing: text, limit: limit)
    } catch {
      let advice = error.reason == .aboveLimit ? " The worker's FIBONACCI_MAX_N sets the limit." : ""
      throw ProcessFailure("\(Self.variable) \(error)\(advice)")
    }
  }

  private func firstArgument(_ context: WorkContext) -> String? {
    switch context.process.spec.arguments.first {
    case .string(let text)?: text
    case .number(let text)?: text
    case nil: nil
    case let other?: other.text()
    }
  }
}
