import TestSupport
import YAML

/// One object, as an overlay has it.
struct Manifest: Sendable, CustomStringConvertible {
  /// The document it was read from.
  let text: String
  let apiVersion: String
  let kind: String
  let name: String
  /// Nil for objects that live in no namespace, and where the overlay forgot it.
  let namespace: String?
  private let root: YAMLNode

  init(_ text: String) throws {
    self.text = text
    root = try YAMLParser().parse(text, file: "manifest")
    guard let apiVersion = root["apiVersion"]?.text, let kind = root["kind"]?.text,
      let name = root["metadata"]?["name"]?.text
    else { throw Failure("there is no apiVersion, kind or name in:\n\(text)") }
    self.apiVersion = apiVersion
    self.kind = kind
    self.name = name
    namespace = root["metadata"]?["namespace"]?.text
  }

  subscript(key: String) -> YAMLNode? { root[key] }

  var labels: [String: String] { root["metadata"]?["labels"]?.texts ?? [:] }

  var description: String { "\(kind) \(namespace.map { $0 + "/" } ?? "")\(name)" }
}

extension YAMLNode {
  /// A mapping of texts.
  var texts: [String: String] {
    Dictionary(uniqueKeysWithValues: (mapping?.entries ?? []).map { ($0.key, $0.value.text ?? "") })
  }

  /// A list of texts.
  var list: [String] { (elements ?? []).map { $0.text ?? "" } }
}
