/// Status and header fields of an answer.
struct ResponseHead: Sendable {
  let status: Int
  let version: HTTPVersion
  let headers: HTTPHeaders
}
