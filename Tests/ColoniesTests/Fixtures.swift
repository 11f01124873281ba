import Colonies
import Foundation
import JSON

/// What was recorded of one exchange with a real server.
struct Exchange: Sendable, CustomStringConvertible {
  let name: String
  let api: API
  let signerID: String?
  let messageType: String?
  let request: String
  let replyStatus: Int
  let replyBody: String
  let replyMessage: String?

  var description: String { "\(api)/\(name)" }
}

/// The recordings and vectors beside these tests.
enum Fixtures {
  static let exchanges: [Exchange] =
    exchanges(in: "2022-bb36c372", .runtime) + exchanges(in: "v1.9-distributed", .executor)
    + exchanges(in: "tz-2022-bb36c372", .runtime) + exchanges(in: "tz-v1.9", .executor)

  static func json(_ path: String) -> JSONValue {
    guard let data = FileManager.default.contents(atPath: root + "/" + path) else {
      fatalError("no fixture \(path)")
    }
    do { return try JSONValue(parsing: data) } catch { fatalError("\(path): \(error)") }
  }

  private static let root = Bundle.module.resourcePath.map { $0 + "/Fixtures" } ?? ""

  private static func exchanges(in folder: String, _ api: API) -> [Exchange] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/" + folder)) ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
      let recording = json("\(folder)/\(name)")
      // Recordings of the WebSocket have frames instead.
      guard let request = recording["request"]?.string, recording["method"]?.string == "POST" else {
        return nil
      }
      return Exchange(
        name: name, api: api, signerID: recording["signer_id"]?.string,
        messageType: recording["payloadtype"]?.string, request: request,
        replyStatus: recording["reply_status"]?.int ?? 0, replyBody: recording["reply_body"]?.string ?? "",
        replyMessage: recording["reply_payload_raw"]?.string)
    }
  }
}

extension JSONValue {
  /// The value without members that a Go server reads as if they were missing.
  var withoutZeroValues: JSONValue {
    switch self {
    case .object(let object):
      .object(
        JSONObject(
          object.members.compactMap { member in
            let value = member.value.withoutZeroValues
            return value.isZeroValue ? nil : JSONObject.Member(key: member.key, value: value)
          }))
    case .array(let elements): .array(elements.map(\.withoutZeroValues))
    default: self
    }
  }

  private var isZeroValue: Bool {
    switch self {
    case .null, .bool(false), .string(""), .number("0"), .array([]): true
    case .object(let object): object.members.isEmpty
    case .string(let text): text.hasPrefix("0001-01-01T")
    default: false
    }
  }
}
