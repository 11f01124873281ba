import HTTPTransport
import JSON
import KubernetesClient
import Locking
import TestSupport

/// A server as a script: each request gets the next answer.
final class FakeHTTPClient: HTTPClient {
  /// What a request gets.
  enum Answer: Sendable {
    case whole(HTTPResponse)
    /// A body in pieces; what comes behind the last is the end, a failure, or silence.
    case pieces([String], Ending)
    case body(HTTPBody)
    case failure(HTTPTransportError)

    static func json(
      _ status: Int = 200, _ json: JSONValue, headers: HTTPHeaders = HTTPHeaders()
    ) -> Answer {
      .whole(HTTPResponse(status: status, headers: headers, body: json.encoded()))
    }

    /// A refusal in the API's way.
    static func status(
      _ code: Int, _ reason: String, headers: HTTPHeaders = HTTPHeaders(), details: JSONValue = .null
    ) -> Answer {
      .json(code, Self.document(code, reason, details), headers: headers)
    }

    static func document(_ code: Int, _ reason: String, _ details: JSONValue = .null) -> JSONValue {
      [
        "kind": "Status", "apiVersion": "v1", "status": "Failure",
        "message": .string("words about \(reason)"),
        "reason": .string(reason), "code": .integer(code), "details": details,
      ]
    }

    static func lost(_ code: HTTPTransportError.Code = .connectionLost, sent: Bool = true) -> Answer {
      .failure(HTTPTransportError(code, "broken", requestMayHaveBeenSent: sent))
    }
  }

  enum Ending: Sendable {
    case end
    case failure(HTTPTransportError.Code)
    /// Nothing ever comes; the reader is to be cancelled.
    case silence
  }

  typealias Script = @Sendable (HTTPRequest, Int) async -> Answer

  private let script: Script
  private let log = Locked<[HTTPRequest]>([])

  /// Answers by a function of the request and of how many there were before.
  init(_ script: @escaping Script) { self.script = script }

  /// Answers in this order; the last answer is repeated.
  convenience init(_ answers: [Answer]) {
    self.init { _, index in answers[min(index, answers.count - 1)] }
  }

  var requests: [HTTPRequest] { log.withLock { $0 } }
  /// Methods with paths and queries.
  var lines: [String] {
    requests.map { "\($0.method) \($0.url.dropFirst("https://server".count))" }
  }

  private func answer(_ request: HTTPRequest) async -> Answer {
    let index = log.withLock { log in
      log.append(request)
      return log.count - 1
    }
    return await script(request, index)
  }

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    switch await answer(request) {
    case .whole(let response): return response
    case .failure(let error): throw error
    case .pieces, .body: throw HTTPTransportError(.invalidRequest, "the script has a stream here")
    }
  }

  func stream(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPStreamingResponse {
    switch await answer(request) {
    case .failure(let error): throw error
    case .whole(let response):
      return HTTPStreamingResponse(
        status: response.status, headers: response.headers, body: HTTPBody([response.body]))
    case .body(let body): return HTTPStreamingResponse(status: 200, body: body)
    case .pieces(let pieces, let ending):
      let rest = Locked(pieces.map { Array($0.utf8) }[...])
      return HTTPStreamingResponse(
        status: 200,
        body: HTTPBody { () async throws(HTTPTransportError) in
          if let piece = rest.withLock({ $0.popFirst() }) { return piece }
          switch ending {
          case .end: return nil
          case .failure(let code): throw HTTPTransportError(code, "broken")
          case .silence:
            // Ends when the task is cancelled.
            for await _ in AsyncStream<Never>(unfolding: { await Self.untilCancelled() }) {}
            throw HTTPTransportError(.cancelled, "cancelled")
          }
        })
    }
  }

  private static func untilCancelled() async -> Never? {
    let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
    for await _ in stream {}
    continuation.finish()
    return nil
  }

  /// A client of this server.
  func client(
    _ clock: TestClock = TestClock(isRunning: true), access: KubernetesClient.Access = .readWrite,
    credentials: Credentials = .none, configuration: KubernetesClient.Configuration = .init(),
    calendar: @escaping @Sendable () -> KubernetesTime = { KubernetesTime(microseconds: 0) }
  ) -> KubernetesClient {
    KubernetesClient(
      ClusterConfiguration(server: "https://server", credentials: credentials), access: access,
      configuration: configuration, clock: clock, calendar: calendar, randomness: SplitMix64(seed: 1),
      makeClient: { _ in self })
  }
}

/// A ConfigMap as the server writes it.
func configMap(_ name: String, version: Int, _ data: [String: String] = [:]) -> JSONValue {
  [
    "kind": "ConfigMap", "apiVersion": "v1",
    "metadata": [
      "name": .string(name), "namespace": "ns", "uid": .string("uid-\(name)"),
      "resourceVersion": .string(String(version)),
    ],
    "data": .object(JSONObject(sorted: data.mapValues(JSONValue.string))),
  ]
}

/// A list as the server writes it.
func list(_ items: [JSONValue], version: Int, next: String? = nil) -> JSONValue {
  var metadata = JSONObject()
  metadata.append("resourceVersion", .string(String(version)))
  if let next { metadata.append("continue", .string(next)) }
  return ["kind": "ConfigMapList", "apiVersion": "v1", "metadata": .object(metadata), "items": .array(items)]
}

/// A line of a watch.
func event(_ type: String, _ object: JSONValue) -> String {
  let document: JSONValue = ["type": .string(type), "object": object]
  return document.text() + "\n"
}
