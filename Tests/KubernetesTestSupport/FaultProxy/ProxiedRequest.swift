internal import HTTPTransport

/// A request as the proxy sees it.
struct ProxiedRequest: Sendable {
  let method: HTTPMethod
  /// Path and query.
  let target: String
  let isWatch: Bool
  /// The resource with its subresource, as `deployments/scale`; the path, where that is not of a resource.
  let resource: String

  init(method: String, target: String) {
    self.method = HTTPMethod(rawValue: method)
    self.target = target
    let parts = target.split(separator: "?", maxSplits: 1)
    let path = parts.first ?? ""
    isWatch =
      parts.count == 2 && parts[1].split(separator: "&").contains { ["watch=true", "watch=1"].contains($0) }
    resource = Self.resource(path) ?? String(path)
  }

  private static func resource(_ path: Substring) -> String? {
    var segments = path.split(separator: "/")[...]
    switch segments.popFirst() {
    case "api": segments = segments.dropFirst()
    case "apis": segments = segments.dropFirst(2)
    default: return nil
    }
    // Behind the namespace's name; the namespace itself is an object, too.
    if segments.first == "namespaces", segments.count > 2 { segments = segments.dropFirst(2) }
    guard let plural = segments.popFirst() else { return nil }
    let subresource = segments.dropFirst().first
    return subresource.map { "\(plural)/\($0)" } ?? String(plural)
  }
}
