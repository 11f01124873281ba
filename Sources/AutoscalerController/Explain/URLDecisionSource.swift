public import HTTPTransport
public import JSON
internal import KubernetesClient

/// A controller whose status server is asked directly, without Kubernetes.
public struct URLDecisionSource: DecisionSource {
  private let url: String
  private let client: any HTTPClient

  /// How long an answer may take.
  private static let deadline: Duration = .seconds(10)

  /// - Parameter url: Where the status server is: `http://localhost:8080`. A path behind it is kept.
  public init(_ url: String, client: any HTTPClient) {
    self.url = String(url.reversed().drop { $0 == "/" }.reversed())
    self.client = client
  }

  public var name: String { url }

  public func answer(to query: DecisionQuery) async throws(ExplainError) -> JSONValue? {
    let parameters = query.parameters.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }
    let answer: HTTPResponse
    do throws(HTTPTransportError) {
      answer = try await client.send(
        HTTPRequest(
          .get, "\(url)/decisions?\(parameters.joined(separator: "&"))", deadline: Self.deadline,
          connectTimeout: Self.deadline))
    } catch {
      guard error.code != .invalidRequest else {
        throw ExplainError(.failed, "\(url) is no address like http://localhost:8080: \(error)")
      }
      throw ExplainError(
        .unreachable, "could not ask \(url): \(error); does the autoscaler run there, with --listen?")
    }
    if answer.status == 404 { return nil }
    guard answer.status == 200, let json = try? JSONValue(parsing: answer.body) else {
      throw ExplainError(
        .notAController,
        "what answers at \(url) is no colonies-autoscaler: status \(answer.status), and no JSON of decisions")
    }
    return json
  }
}
