public import HTTPTransport

/// Lets only those requests to an API server through that change nothing there.
///
/// This is where a dry run is kept from writing, whatever the code above does: everything is refused that is
/// not known to be harmless. A refused request never leaves the process.
public struct ReadOnlyHTTPClient: HTTPClient {
  private let client: any HTTPClient
  private let allowsServerDryRun: Bool

  /// Guards a client.
  /// - Parameter allowsServerDryRun: Whether writes are let through which the server is asked to try and then
  ///   forget (`dryRun=All`).
  public init(_ client: any HTTPClient, allowsServerDryRun: Bool = false) {
    self.client = client
    self.allowsServerDryRun = allowsServerDryRun
  }

  public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    try check(request)
    return try await client.send(request)
  }

  public func stream(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPStreamingResponse {
    try check(request)
    return try await client.stream(request)
  }

  private func check(_ request: HTTPRequest) throws(HTTPTransportError) {
    if !allows(request) {
      throw HTTPTransportError(
        .invalidRequest, "\(request.method) is refused: this client is read-only",
        requestMayHaveBeenSent: false)
    }
  }

  /// Subresources with which even `GET` acts, inside of pods and on what is behind a service or a node.
  private static let actingSubresources: Set<String> = ["attach", "exec", "portforward", "proxy"]
  /// Questions that are asked by `POST` and leave nothing behind.
  private static let questions = [
    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
  ]

  private func allows(_ request: HTTPRequest) -> Bool {
    // Everything else is escaped, and could be one character with what stands before it.
    guard request.url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return false }
    let parts = request.url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = parts.first.map(String.init) ?? ""
    let query = parts.count > 1 ? parts[1].split(separator: "&") : []
    let segments = path.split(separator: "/", omittingEmptySubsequences: false)
    // Escapes could hide a segment, or climb; nothing that reads needs to look behind these.
    guard !path.contains("#"), !request.url.contains("\\"), !path.contains("%2"),
      !segments.contains(where: { $0 == "." || $0 == ".." }),
      Self.decisive(segments).allSatisfy({
        !Self.actingSubresources.contains(String($0)) && !$0.contains("%")
      })
    else { return false }
    switch request.method {
    case .get, .head: return true
    case .post where Self.questions.contains(where: path.hasSuffix): return true
    case .post, .put, .patch, .delete:
      // Once only: of two values a server might take the other.
      return allowsServerDryRun && query.filter { $0.hasPrefix("dryRun") } == ["dryRun=All"]
    default: return false
    }
  }

  /// The segments of a URL by which the server chooses what it does: all but the names of a namespace and of an
  /// object, which may be any words. Of a URL that is not certainly the API's, these are all its segments.
  private static func decisive(_ segments: [Substring]) -> [Substring] {
    // scheme://host/api/VERSION/… or …/apis/GROUP/VERSION/…, then [namespaces/NAME/]RESOURCE[/NAME[/…]].
    let start = 3
    guard segments.count > start, segments[0].hasSuffix(":"), segments[1].isEmpty,
      !segments[2...].contains("")
    else { return segments }
    var resource: Int
    switch segments[start] {
    case "api": resource = start + 2
    case "apis": resource = start + 3
    default: return segments
    }
    // What old servers serve behind `watch` has its own form.
    guard segments.count > resource, segments[resource] != "watch" else { return segments }
    var names: Set<Int> = []
    if segments[resource] == "namespaces", segments.count > resource + 2 {
      names.insert(resource + 1)
      resource += 2
    }
    names.insert(resource + 1)
    return segments.indices.filter { !names.contains($0) }.map { segments[$0] }
  }
}
