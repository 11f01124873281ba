import Autoscaling
import HTTPTransport
import JSON
import Locking
import TestSupport
import Testing

@testable import AutoscalerController

@Suite("Asking a running controller", .timeLimit(.minutes(10)))
struct ExplainTests {
  /// Answers as the status server would, or fails.
  private struct FakeClient: HTTPClient {
    let answers: @Sendable (_ url: String) throws(HTTPTransportError) -> (status: Int, body: String)

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
      let (status, body) = try answers(request.url)
      return HTTPResponse(status: status, headers: HTTPHeaders(), body: Array(body.utf8))
    }

    func stream(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPStreamingResponse {
      throw HTTPTransportError(.failed, "not used")
    }
  }

  private func source(
    _ answers: @escaping @Sendable (_ url: String) throws(HTTPTransportError) -> (status: Int, body: String)
  ) -> URLDecisionSource {
    URLDecisionSource("http://localhost:8080/", client: FakeClient(answers: answers))
  }

  /// What a controller that follows one queue says of a scaler, through `/decisions`.
  private func explained(
    _ query: DecisionQuery, _ body: (Harness, FakeQueueReader) async throws -> Void
  ) async throws -> RunningDecisions {
    let queue = FakeQueueReader(waiting: 3)
    let harness = Harness(["dev": queue])
    let text = Locked<String?>(nil)
    let configuration = try AutoscalerConfiguration(.sample("a", max: 2), .sample("b"))
    try await harness.run(configuration) { controller in
      for name in ["a", "b"] { try await harness.decision(name, waiting: 3) }
      try await body(harness, queue)
      let answer = await controller.decisions(query)
      text.withLock { $0 = answer }
    }
    let answer = text.withLock { $0 }
    return try await source { _ in answer.map { (200, $0) } ?? (404, "no such scaler\n") }.decisions(query)
  }

  @Test("one scaler is told in full, with what was before")
  func detail() async throws {
    let decisions = try await explained(DecisionQuery(scaler: "a", last: 5)) { harness, queue in
      await queue.answer(.failure("no answer"))
      try await harness.poll()
      try await harness.log.line("decision") { $0["scaler"] == "a" && $0["reason"] == "ReadingFailed" }
    }
    let lines = decisions.text(isDetailed: true).split(separator: "\n").map(String.init)
    #expect(lines.first?.hasPrefix("a, decided ") == true)
    #expect(lines.first?.hasSuffix(" ago (http://localhost:8080)") == true)
    #expect(lines.dropFirst().first == "hold at 2 (ReadingFailed)")
    for title in ["inputs", "formulas", "limits", "what would change it", "before"] {
      #expect(lines.contains(title))
    }
    #expect(
      lines.last?.hasSuffix(
        "ago  ScaledUp: scale up from 0 to 2: 3 waiting + 0 running need 3 replicas; max allows 2 replicas")
        == true)
  }

  @Test("all scalers are told in a line each")
  func table() async throws {
    let decisions = try await explained(DecisionQuery()) { _, _ in }
    let lines = decisions.text(isDetailed: false).split(separator: "\n").map(String.init)
    #expect(lines.count == 3)
    #expect(lines[0].split(separator: " ") == ["SCALER", "NOW", "THEN", "DECIDED", "WHY"])
    #expect(lines[1].hasPrefix("a       0    2     "))
    #expect(lines[2].contains("ScaledUp: scale up from 0 to 3: 3 waiting"))
  }

  @Test("no more of the past is told than was asked for")
  func last() async throws {
    let decisions = try await explained(DecisionQuery(scaler: "b", last: 0)) { _, _ in }
    #expect(decisions.scalers.map(\.told) == [[]])
    #expect(decisions.scalers.first?.newest?.replicas == 3)
  }

  @Test("a scaler that there is not is told with the names that there are")
  func unknownScaler() async throws {
    let source = source { url throws(HTTPTransportError) in
      url.contains("scaler=")
        ? (404, "no such scaler\n")
        : (
          200,
          #"{"leading":true,"scalers":[{"scaler":"a","decisions":{"newest":null,"told":[]}},{"scaler":"b","decisions":{"newest":null,"told":[]}}]}"#
        )
    }
    let error = await #expect(throws: ExplainError.self) {
      try await source.decisions(DecisionQuery(scaler: "c/ö"))
    }
    #expect(error?.code == .unknownScaler)
    #expect(error?.message == "http://localhost:8080 has no scaler c/ö; it has a, b")
  }

  @Test("the address, the scaler and the number are asked for as they are")
  func address() async throws {
    let asked = Locked<[String]>([])
    let source = source { url throws(HTTPTransportError) in
      asked.withLock { $0.append(url) }
      return (200, #"{"leading":true,"scalers":[]}"#)
    }
    _ = try await source.decisions(DecisionQuery(scaler: "a/ö", last: 7))
    #expect(asked.withLock { $0 } == ["http://localhost:8080/decisions?scaler=a%2F%C3%B6&last=7"])
  }

  @Test(
    "one that does not lead is no answer",
    arguments: [
      (#","leader":"other_1""#, "http://localhost:8080 does not lead, so it decides nothing; other_1 does"),
      ("", "http://localhost:8080 does not lead, so it decides nothing; nobody is known to"),
    ])
  func notLeading(leader: String, message: String) async {
    let source = source { _ in (200, #"{"leading":false\#(leader),"scalers":[]}"#) }
    let error = await #expect(throws: ExplainError.self) { try await source.decisions(DecisionQuery()) }
    #expect(error?.code == .notLeading)
    #expect(error?.message == message)
  }

  @Test(
    "what is no controller is told apart",
    arguments: [
      (200, "<html>"), (500, "oops"), (404, "404 page not found"), (200, "{}"),
      (200, #"{"leading":true,"scalers":[{"scaler":"a","decisions":{"newest":{},"told":[]}}]}"#),
    ])
  func strange(status: Int, body: String) async {
    let source = source { _ in (status, body) }
    let error = await #expect(throws: ExplainError.self) {
      try await source.decisions(DecisionQuery(scaler: "a"))
    }
    #expect(error?.code == .notAController)
  }

  @Test("an address that is none is told with one that is")
  func noAddress() async {
    let source = URLDecisionSource(
      "localhost:8080",
      client: FakeClient { _ throws(HTTPTransportError) in
        throw HTTPTransportError(.invalidRequest, "the URL is not valid")
      })
    let error = await #expect(throws: ExplainError.self) { try await source.decisions(DecisionQuery()) }
    #expect(error?.code == .failed)
    #expect(error?.message.hasPrefix("localhost:8080 is no address like http://localhost:8080: ") == true)
  }

  @Test("one that cannot be reached is told with what to do")
  func unreachable() async {
    let source = source { _ throws(HTTPTransportError) in
      throw HTTPTransportError(.connectionFailed, "connection refused")
    }
    let error = await #expect(throws: ExplainError.self) { try await source.decisions(DecisionQuery()) }
    #expect(error?.code == .unreachable)
    #expect(error?.message.contains("does the autoscaler run there, with --listen?") == true)
  }
}
