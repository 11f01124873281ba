import HTTPTransport

/// A request as a server got it.
struct ReceivedRequest: Sendable {
  var line: String
  var headers: HTTPHeaders
  var body: [UInt8]

  var method: String { String(line.prefix { $0 != " " }) }
}
