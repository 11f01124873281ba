/// Why a command did not do what was asked, and what the user can do about it.
struct CommandError: Error, Sendable, Hashable {
  var message: String
  /// The next step, in whole lines.
  var advice: String?

  init(_ message: String, advice: String? = nil) {
    self.message = message
    self.advice = advice
  }
}

extension CommandError: CustomStringConvertible {
  var description: String { advice.map { "\(message)\n\($0)" } ?? message }
}
