/// Gathers the problems found while one text is read.
///
/// A class, so that nested readers share it; it stays within one synchronous read.
final class ProblemList {
  private var problems: [YAMLProblem] = []
  private var omitted = 0

  func add(_ problem: YAMLProblem) {
    if problems.count < YAMLError.maximumProblems {
      problems.append(problem)
    } else {
      omitted += 1
    }
  }

  /// All problems as one error, in the order of the text; nil when there is none.
  func error(file: String) -> YAMLError? {
    guard !problems.isEmpty else { return nil }
    let sorted = problems.enumerated().sorted { ($0.element.mark, $0.offset) < ($1.element.mark, $1.offset) }
    return YAMLError(file: file, problems: sorted.map(\.element), omitted: omitted)
  }
}
