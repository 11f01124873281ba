internal import YAML

/// A ConfigMap in a file, as `kubectl` takes and prints it, with a configuration in it.
struct ConfigMapManifest {
  /// The key of a ConfigMap under which the configuration is.
  static let key = "config.yaml"

  /// The configuration's text.
  let text: String
  /// The file, or the file and the key where positions in the text are not positions in the file.
  let file: String
  private let firstLine: Int
  private let indentation: Int

  /// Looks for a manifest in a text; nil when the text is something else.
  /// - Throws: `YAMLError` when it is a ConfigMap without a configuration.
  init?(_ root: YAMLNode, bytes: [UInt8], file: String) throws(YAMLError) {
    guard root["kind"]?.text == "ConfigMap", root["apiVersion"]?.text == "v1" else { return nil }
    guard let node = root["data"]?[Self.key], let text = node.text else {
      let keys = (root["data"]?.mapping?.entries ?? []).map(\.key)
      let found = keys.isEmpty ? "there are none" : "there are \(keys.joined(separator: ", "))"
      let problem = YAMLProblem(
        mark: (root["data"] ?? root).mark, path: "data",
        message: "must have the key \"\(Self.key)\" with the configuration as its text; \(found)")
      throw YAMLError(file: file, problems: [problem])
    }
    self.text = text
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // In a literal block every line is one of the file; other styles fold lines or escape them.
    let header = lines[node.mark.line - 1].dropFirst(node.mark.column - 1)
    guard header.first == UInt8(ascii: "|"), header.dropFirst().first != UInt8(ascii: " ") else {
      self.file = "\(file)[\(Self.key)]"
      firstLine = 0
      indentation = 0
      return
    }
    self.file = file
    firstLine = node.mark.line
    let first = lines[node.mark.line...].first { !$0.allSatisfy { $0 == 0x20 || $0 == 0x0d } }
    indentation = first?.prefix { $0 == 0x20 }.count ?? 0
  }

  /// The same problems, where they are in the file.
  func located(_ error: YAMLError) -> YAMLError {
    YAMLError(
      file: error.file,
      problems: error.problems.map { problem in
        let mark = YAMLMark(
          line: problem.mark.line + firstLine, column: problem.mark.column + indentation)
        return YAMLProblem(mark: mark, path: problem.path, message: problem.message)
      }, omitted: error.omitted)
  }
}
