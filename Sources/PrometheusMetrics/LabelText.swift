/// A series' labels as they are written: `a="1",b="2"`, by name, without braces; empty when there are none.
enum LabelText {
  /// Writes dimensions as labels.
  ///
  /// To Prometheus an empty value is the same as no label, so these are left out. Of labels with one name the
  /// last is taken.
  /// - Parameter reserved: A name that the family writes itself; a dimension of that name gets `exported_` in
  ///   front, as Prometheus does it.
  static func text(_ dimensions: [(String, String)], reserved: String? = nil) -> String {
    if dimensions.isEmpty { return "" }
    var values: [String: String] = [:]
    for (name, value) in dimensions {
      let name = MetricName.label(name)
      values[name == reserved ? "exported_" + name : name] = value
    }
    return values.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
      .map { "\($0.key)=\"\(escaped($0.value))\"" }.joined(separator: ",")
  }

  private static func escaped(_ value: String) -> String {
    guard value.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\"") || $0 == 10 })
    else { return value }
    var result = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": result += #"\\"#
      case "\"": result += #"\""#
      case "\n": result += #"\n"#
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
