/// A request to send.
public struct HTTPRequest: Sendable {
  /// `GET`, `POST`, …
  public var method: String
  /// An `http` or `https` URL.
  public var url: String
  /// Header fields, in order.
  public var headers: [(name: String, value: String)]
  /// Sent as `Authorization: Bearer …`. Never shown in a description or an error.
  public var bearerToken: String?
  /// nil sends no body.
  public var body: [UInt8]?
  /// How long the whole exchange may take; nil is without limit, which only a stream should be.
  public var deadline: Duration?
  /// How long nothing may arrive, in whole seconds; nil is without limit.
  public var idleTimeout: Duration?
  /// Bytes of the response's body that `send` accepts.
  public var maximumResponseBytes: Int

  /// Describes a request.
  public init(
    method: String = "GET", url: String, headers: [(name: String, value: String)] = [],
    bearerToken: String? = nil, body: [UInt8]? = nil, deadline: Duration? = .seconds(30),
    idleTimeout: Duration? = nil, maximumResponseBytes: Int = 64 << 20
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.bearerToken = bearerToken
    self.body = body
    self.deadline = deadline
    self.idleTimeout = idleTimeout
    self.maximumResponseBytes = maximumResponseBytes
  }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The method and the URL, without its credentials and its query: nothing that could be a secret.
  public var description: String { "\(method) \(shownURL)" }
  /// See `description`.
  public var debugDescription: String { description }
  /// Only what `description` shows.
  public var customMirror: Mirror { Mirror(self, children: ["request": description]) }

  var shownURL: String {
    var shown = url.prefix { $0 != "?" && $0 != "#" }
    if let scheme = shown.firstRange(of: "://"), let at = shown.lastIndex(of: "@"), at > scheme.upperBound {
      shown = shown[..<scheme.upperBound] + shown[shown.index(after: at)...]
    }
    return String(shown)
  }
}
