public import HTTPTransport
public import JSON

/// One request to the API.
public struct APIRequest: Sendable {
  /// How a patch says what to change.
  public enum PatchType: String, Sendable, Hashable {
    /// Members replace members; null removes (RFC 7396).
    case merge = "application/merge-patch+json"
    /// As `merge`, but lists are merged by the kind's own rules.
    case strategicMerge = "application/strategic-merge-patch+json"
    /// A list of operations (RFC 6902).
    case json = "application/json-patch+json"
  }

  /// When a request that failed may be sent again.
  public enum Repetition: Sendable, Hashable {
    /// Never: the caller has its own way of trying again.
    case never
    /// When the server has certainly not acted on it.
    case ifNothingHappened
    /// Also when it is not known what became of it.
    case always
  }

  /// What is being done, for messages: `get deployments.apps web in default`.
  public var action: String
  public var method: HTTPMethod
  /// The path, with its escapes.
  public var path: String
  /// Names and values, without escapes.
  public var query: [(name: String, value: String)]
  public var body: JSONValue?
  public var contentType: String
  /// How long the request may take with all its tries; nil for the client's usual time.
  public var deadline: Duration?
  /// When the request may be sent again.
  public var repetition: Repetition

  /// Describes a request.
  public init(
    _ method: HTTPMethod, _ path: String, to action: String, query: [(name: String, value: String)] = [],
    body: JSONValue? = nil, contentType: String = "application/json", deadline: Duration? = nil,
    repetition: Repetition? = nil
  ) {
    self.action = action
    self.method = method
    self.path = path
    self.query = query
    self.body = body
    self.contentType = contentType
    self.deadline = deadline
    self.repetition = repetition ?? (method == .get || method == .head ? .always : .ifNothingHappened)
  }

  /// Path and query as they go behind the server's address.
  var target: String {
    guard !query.isEmpty else { return path }
    let pairs = query.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }
    return "\(path)?\(pairs.joined(separator: "&"))"
  }
}
