/// An index that somebody wrote, checked: n in F(n).
public struct FibonacciIndex: Sendable, Hashable {
  /// n, 0…limit.
  public let value: Int

  /// Reads an index in decimal digits, with nothing around them.
  /// - Parameter limit: The largest index allowed.
  /// - Throws: `ParseError`.
  public init(parsing text: String, limit: Int) throws(ParseError) {
    func fail(_ reason: ParseError.Reason) -> ParseError {
      ParseError(text: text, reason: reason, limit: limit)
    }
    guard !text.isEmpty else { throw fail(.empty) }
    let isNegative = text.utf8.first == UInt8(ascii: "-")
    let digits = isNegative ? text.dropFirst() : Substring(text)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw fail(.notANumber)
    }
    guard !isNegative else { throw fail(.negative) }
    // Digits that do not fit an integer are a larger number than any limit.
    guard let value = Int(digits), value <= limit else { throw fail(.aboveLimit) }
    self.value = value
  }

  /// Why a text is not an index. Its description continues a sentence that begins with the text's name:
  /// "fibonacciNum" + " is …".
  public struct ParseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: Sendable, Hashable { case empty, notANumber, negative, aboveLimit }

    /// The text as it was found.
    public let text: String
    /// What is wrong with it.
    public let reason: Reason
    /// The largest index allowed.
    public let limit: Int

    /// A sentence for people.
    public var description: String {
      switch reason {
      case .empty: "is empty: \(expectation)"
      case .notANumber: "is \(shortened), which is not a whole number in decimal digits: \(expectation)"
      case .negative: "is \(shortened), which is negative: \(expectation)"
      case .aboveLimit: "is \(shortened), which is more than this worker computes: \(expectation)"
      }
    }

    private var expectation: String { "give a whole number from 0 to \(limit), for example 10." }

    /// In quotation marks, fit for one line.
    private var shortened: String {
      let scalars = text.unicodeScalars
      let head = scalars.prefix(40).map { $0.escaped(asASCII: false) }.joined()
      return scalars.count > 40 ? "\"\(head)…\" (\(scalars.count) characters)" : "\"\(head)\""
    }
  }
}
