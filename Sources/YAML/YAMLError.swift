/// Everything that is wrong in one YAML text.
public struct YAMLError: Error, Sendable, Hashable {
  /// The name of the file, as the caller gave it.
  public let file: String
  /// What is wrong, in the order of the text; at least one problem, at most ``maximumProblems``.
  public let problems: [YAMLProblem]
  /// How many further problems were found and left out.
  public let omitted: Int

  /// The most problems that are kept: more help nobody.
  public static let maximumProblems = 100

  /// Creates an error.
  public init(file: String, problems: [YAMLProblem], omitted: Int = 0) {
    self.file = file
    self.problems = problems
    self.omitted = omitted
  }

  init(file: String, mark: YAMLMark, message: String) {
    self.init(file: file, problems: [YAMLProblem(mark: mark, message: message)])
  }
}

extension YAMLError: CustomStringConvertible {
  /// One line `file:line:column: path: message` per problem.
  public var description: String {
    let lines = problems.map { "\(file):\($0)" }
    return (lines + (omitted > 0 ? ["\(file): and \(omitted) more problems"] : [])).joined(separator: "\n")
  }
}
