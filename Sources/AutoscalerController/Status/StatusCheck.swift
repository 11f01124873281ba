/// One thing that must be well for the program to be ready.
package struct StatusCheck: Sendable {
  /// One word, as it is shown: `configuration`.
  package let name: String
  /// Returns what is wrong, in one line, or nil. A check that is cancelled must return soon: the program's end
  /// waits for it.
  package let problem: @Sendable () async -> String?

  package init(_ name: String, problem: @escaping @Sendable () async -> String?) {
    self.name = name
    self.problem = problem
  }
}
