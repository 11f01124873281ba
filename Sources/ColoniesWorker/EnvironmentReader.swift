internal import Environment
internal import Files

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Reads a program's environment and collects everything that is wrong with it.
///
/// Values that may be secret are never part of a problem's text.
public struct EnvironmentReader {
  /// What is wrong with one variable.
  public struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// The variable's name, or several.
    public var variable: String
    /// What was found, and what was expected.
    public var message: String

    /// The variable and what is wrong with it.
    public var description: String { "\(variable): \(message)" }
  }

  /// This process's environment. Read it once, at the start: nothing may change it meanwhile.
  public static var variables: [String: String] { ProgramEnvironment.variables }

  private let variables: [String: String]
  private let readFile: (String) throws(FileError) -> String
  /// What has been found wrong so far.
  public private(set) var problems: [Problem] = []

  /// Creates a reader.
  /// - Parameter variables: The environment. An empty variable counts as absent.
  public init(_ variables: [String: String]) {
    self.init(variables) { (path: String) throws(FileError) in try File.text(path) }
  }

  init(_ variables: [String: String], readFile: @escaping (String) throws(FileError) -> String) {
    self.variables = variables.filter { !$0.value.isEmpty }
    self.readFile = readFile
  }

  /// Notes a problem.
  public mutating func report(_ variable: String, _ message: String) {
    problems.append(Problem(variable: variable, message: message))
  }

  /// The variable's value, or nil when it is absent or empty.
  public func text(_ variable: String) -> String? { variables[variable] }

  /// The variable's value; a problem when it is absent.
  /// - Parameter expected: What the value should be, as in "not set; expected …".
  public mutating func requiredText(_ variable: String, expected: String) -> String? {
    if let value = text(variable) { return value }
    report(variable, "not set; expected \(expected)")
    return nil
  }

  /// A whole number in decimal digits; a problem when it is something else or outside the range.
  public mutating func number(_ variable: String, in range: ClosedRange<Int>) -> Int? {
    guard let text = text(variable) else { return nil }
    let isDecimal = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard isDecimal, let value = Int(text), range.contains(value) else {
      report(
        variable,
        "found \(quoted(text)), expected a whole number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return value
  }

  /// `true` or `false`; a problem when it is something else.
  public mutating func flag(_ variable: String) -> Bool? {
    switch text(variable) {
    case nil: return nil
    case "true"?: return true
    case "false"?: return false
    case let text?:
      report(variable, "found \(quoted(text)), expected true or false")
      return nil
    }
  }

  /// One of several words; a problem when it is another.
  public mutating func choice<Value>(_ variable: String, of choices: KeyValuePairs<String, Value>) -> Value? {
    guard let text = text(variable) else { return nil }
    if let choice = choices.first(where: { $0.key == text }) { return choice.value }
    report(
      variable,
      "found \(quoted(text)), expected one of \(choices.map(\.key).joined(separator: ", "))")
    return nil
  }

  /// A secret: the value of the variable, or the content of the file that the variable with `_FILE` behind
  /// its name names, without the white space around it. A problem when there are both, or the file cannot
  /// be read.
  public mutating func secret(_ variable: String) -> String? {
    let fileVariable = variable + "_FILE"
    switch (text(variable), text(fileVariable)) {
    case (nil, nil): return nil
    case (let value?, nil): return value.trimmingWhitespace()
    case (nil, let path?):
      do {
        return try readFile(path).trimmingWhitespace()
      } catch {
        report(fileVariable, "cannot read \(quoted(path)): \(error.reason)")
        return nil
      }
    case (_?, _?):
      report("\(variable), \(fileVariable)", "both set; expected one of them")
      return nil
    }
  }

  /// A text from the environment, in quotation marks, fit for one line and not too long.
  public func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars.prefix(64) {
      result += scalar.escaped(asASCII: false)
    }
    return result + (text.unicodeScalars.count > 64 ? "…\"" : "\"")
  }
}

/// A bad environment: all of its problems.
public struct EnvironmentError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The problems, in the order they were found.
  public var problems: [EnvironmentReader.Problem]

  /// Creates an error.
  public init(_ problems: [EnvironmentReader.Problem]) { self.problems = problems }

  /// One line for each problem.
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}

extension String {
  fileprivate func trimmingWhitespace() -> String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
