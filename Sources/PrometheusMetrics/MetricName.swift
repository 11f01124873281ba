/// Names as the format allows them.
enum MetricName {
  /// A name that ends as it should, made of what is allowed: letters, digits, `_` and `:`, no digit first.
  /// Anything else becomes `_`.
  static func metric(_ name: String, suffix: String = "") -> String {
    let name = cleaned(name) { $0 == ":" }
    return name.hasSuffix(suffix) ? name : name + suffix
  }

  /// A label's name: letters, digits and `_`, no digit first. Of several `_` at the beginning one is left, as
  /// names that begin with two are Prometheus's own.
  static func label(_ name: String) -> String {
    let name = cleaned(name) { _ in false }
    let rest = name.drop { $0 == "_" }
    return rest.count == name.count ? name : "_" + rest
  }

  private static func cleaned(_ name: String, alsoAllowed: (Unicode.Scalar) -> Bool) -> String {
    var result = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "0"..."9":
        if result.isEmpty { result = "_" }
        result.unicodeScalars.append(scalar)
      case "a"..."z", "A"..."Z", "_": result.unicodeScalars.append(scalar)
      case _ where alsoAllowed(scalar): result.unicodeScalars.append(scalar)
      default: result += "_"
      }
    }
    return result.isEmpty ? "_" : result
  }
}
