public import HTTPTransport

/// Counts the requests to the API server that pass through it.
public struct MeteredHTTPClient: HTTPClient {
  private let client: any HTTPClient
  private let metrics: ControllerMetrics

  /// Counts the requests of a client.
  public init(_ client: any HTTPClient, metrics: ControllerMetrics) {
    self.client = client
    self.metrics = metrics
  }

  public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    do throws(HTTPTransportError) {
      let response = try await client.send(request)
      count(request, String(response.status))
      return response
    } catch {
      count(request, error.code.rawValue)
      throw error
    }
  }

  public func stream(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPStreamingResponse {
    do throws(HTTPTransportError) {
      let response = try await client.stream(request)
      count(request, String(response.status))
      return response
    } catch {
      count(request, error.code.rawValue)
      throw error
    }
  }

  private func count(_ request: HTTPRequest, _ code: String) {
    let isWatch = request.url.contains("watch=true")
    metrics.apiRequest(
      method: isWatch ? "WATCH" : "\(request.method)", resource: Self.resource(in: request.url), code: code)
  }

  /// The resource and subresource of a request, without names, which would make a series for each object.
  static func resource(in url: String) -> String {
    let path = url.split(separator: "?", maxSplits: 1).first ?? ""
    // Behind the host: api/VERSION or apis/GROUP/VERSION, then perhaps namespaces/NAME, then the resource.
    var segments = path.split(separator: "/").drop { $0 != "api" && $0 != "apis" }
    guard let root = segments.popFirst() else { return "other" }
    segments = segments.dropFirst(root == "api" ? 1 : 2)
    if segments.first == "namespaces", segments.count > 2 { segments = segments.dropFirst(2) }
    guard let resource = segments.first else { return "discovery" }
    let subresource = segments.dropFirst(2).first
    return [resource, subresource].compactMap { $0 }.joined(separator: "/")
  }
}
