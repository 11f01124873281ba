internal import HTTPTypes
internal import HummingbirdCore

/// What the status server answers: a path and a query in, a page out. Knows nothing of connections.
struct StatusPages: Sendable {
  /// What is answered.
  struct Page: Sendable {
    var status = HTTPResponse.Status.ok
    var type = "text/plain; charset=utf-8"
    let text: String
    /// The only methods that there are, when the one asked for is none of them.
    var allowed: String?
  }

  private static let index = """
    /metrics         what Prometheus reads
    /healthz         ok while the program runs
    /readyz          whether it does its work; with ?verbose each check on a line
    /decisions       the latest decisions as JSON; with ?scaler=NAME those of one scaler,
                     with ?last=N only the newest and N before it

    """

  private let metrics: @Sendable () async -> String
  private let decisions: @Sendable (_ query: DecisionQuery) async -> String?
  private let checks: [StatusCheck]

  init(
    metrics: @escaping @Sendable () async -> String,
    decisions: @escaping @Sendable (_ query: DecisionQuery) async -> String?, checks: [StatusCheck]
  ) {
    self.metrics = metrics
    self.decisions = decisions
    self.checks = checks
  }

  func page(_ method: HTTPRequest.Method, _ uri: URI) async -> Page {
    guard let page = page(at: uri.path) else {
      return Page(status: .notFound, text: "404 page not found\n")
    }
    guard method == .get || method == .head else {
      return Page(status: .methodNotAllowed, text: "405 only GET and HEAD\n", allowed: "GET, HEAD")
    }
    return await page(uri)
  }

  private func page(at path: String) -> ((URI) async -> Page)? {
    switch path {
    case "/": { _ in Page(text: Self.index) }
    case "/metrics":
      { _ in Page(type: "text/plain; version=0.0.4; charset=utf-8", text: await metrics()) }
    case "/healthz": { _ in Page(text: "ok") }
    case "/readyz": readiness
    case "/decisions": latestDecisions
    default: nil
    }
  }

  private func readiness(_ uri: URI) async -> Page {
    let report = await StatusReport(checks)
    guard report.isWell else { return Page(status: .serviceUnavailable, text: report.text("readyz")) }
    return Page(text: uri.queryParameters["verbose"] == nil ? "ok" : report.text("readyz"))
  }

  private func latestDecisions(_ uri: URI) async -> Page {
    var query = DecisionQuery(scaler: uri.queryParameters["scaler"].map(String.init))
    if let last = uri.queryParameters["last"] {
      guard let number = Int(last), (0...DecisionQuery.mostLast).contains(number) else {
        return Page(
          status: .badRequest, text: "last must be a number from 0 to \(DecisionQuery.mostLast)\n")
      }
      query.last = number
    }
    guard let text = await decisions(query) else {
      return Page(status: .notFound, text: "no such scaler\n")
    }
    return Page(type: "application/json", text: text)
  }
}
