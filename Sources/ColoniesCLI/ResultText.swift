internal import Colonies
internal import JSON

extension Process {
  /// What the worker made, as text, or nil when it made nothing: the attribute `result`, or else the output,
  /// or else the only output attribute.
  var result: String? {
    let outputs = attributes.filter { $0.kind == .output }
    if let result = outputs.first(where: { $0.key == "result" }) { return result.value }
    if !output.isEmpty {
      return output.count == 1 ? output[0].plainText : JSONValue.array(output).text()
    }
    return outputs.count == 1 ? outputs[0].value : nil
  }

  /// Why the process failed, in the worker's or the server's words; empty when nobody said.
  var failureReasons: [String] {
    errors + attributes.filter { $0.kind == .error }.map(\.value).filter { !errors.contains($0) }
  }
}

extension JSONValue {
  /// The value for people: a string without its quotes.
  var plainText: String { string ?? text() }
}

extension String {
  /// The text, or its beginning, its end and its length when it is too long to look at.
  var abridged: String {
    let count = count
    guard count > 1000 else { return self }
    return "\(prefix(60))…\(suffix(20)) (\(count) characters)"
  }
}
