import Base64
import Colonies
import Glibc
import JSON

/// Requests as they travel.
enum Wire {
  /// A signed request for the executor API, head and body.
  static func request(_ request: Request, key: PrivateKey) -> [UInt8] {
    let body = request.envelope(.executor, signedWith: key)?.encoded() ?? []
    return Array("POST /api HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body
  }

  static func requireSuccess(_ answer: Connection.Answer) throws {
    guard answer.status == 200 else {
      let envelope = try? ReplyEnvelope(parsing: Array(answer.body))
      let words = envelope.map { String(decoding: $0.message, as: UTF8.self) } ?? ""
      throw LoadFailure("the server answered \(answer.status): \(words)")
    }
  }

  /// The process's id in an answer. Reads no further than that, so that the load costs little beside the
  /// server: the id is the first member of the reply's payload.
  static func processID(_ answer: Connection.Answer) throws -> String {
    if let start = answer.body.firstIndex(of: "\"payload\":\"") {
      let text = answer.body[(start + 11)...].prefix(160)
      let payload = Base64.decodePrefix(String(decoding: text, as: UTF8.self))
      let id = payload.withUnsafeBytes { bytes -> String? in
        guard let key = bytes.firstIndex(of: "\"processid\": \""), bytes.count >= key + 14 + 64 else {
          return nil
        }
        return String(decoding: bytes[(key + 14)..<(key + 14 + 64)], as: UTF8.self)
      }
      if let id { return id }
    }
    throw LoadFailure("an answer holds no process")
  }
}

/// Sends a request that does no queue work, again and again.
struct PlainClient: LoadClient {
  let request: [UInt8]
  var remaining: Int

  mutating func next() -> [UInt8]? {
    guard remaining > 0 else { return nil }
    remaining -= 1
    return request
  }

  func receive(_ answer: Connection.Answer) throws -> Bool {
    try Wire.requireSuccess(answer)
    return true
  }
}

/// Submits processes that were signed before.
struct SubmitClient: LoadClient {
  var requests: ArraySlice<[UInt8]>
  /// What was submitted.
  var ids: [String] = []

  mutating func next() -> [UInt8]? { requests.popFirst() }

  mutating func receive(_ answer: Connection.Answer) throws -> Bool {
    try Wire.requireSuccess(answer)
    ids.append(try Wire.processID(answer))
    return true
  }
}

/// Takes processes and closes them until there are none.
struct WorkClient: LoadClient {
  let assign: [UInt8]
  let key: PrivateKey
  /// What was closed.
  var ids: [String] = []
  private var held: String?
  private var isEmpty = false

  init(colony: ColonyReference, key: PrivateKey) {
    assign = Wire.request(.assign(AssignRequest(colony: colony)), key: key)
    self.key = key
  }

  func next() -> [UInt8]? {
    if isEmpty { return nil }
    return held.map { Wire.request(.closeSuccessful(id: $0, output: ["done"]), key: key) } ?? assign
  }

  mutating func receive(_ answer: Connection.Answer) throws -> Bool {
    if let id = held {
      try Wire.requireSuccess(answer)
      ids.append(id)
      held = nil
      return true
    }
    if answer.status == 404 {
      isEmpty = true
    } else {
      try Wire.requireSuccess(answer)
      held = try Wire.processID(answer)
    }
    return false
  }
}

/// Sends one request after the other: for setting up, not for measuring.
struct SequentialClient: LoadClient {
  var requests: ArraySlice<[UInt8]>
  var lastAnswer: [UInt8] = []

  mutating func next() -> [UInt8]? { requests.popFirst() }

  mutating func receive(_ answer: Connection.Answer) throws -> Bool {
    try Wire.requireSuccess(answer)
    lastAnswer = Array(answer.body)
    return true
  }
}
