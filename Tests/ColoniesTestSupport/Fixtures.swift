public import Colonies
import Foundation
public import JSON

/// What was recorded of one exchange with a real server.
public struct Exchange: Sendable, CustomStringConvertible {
  public let name: String
  public let api: API
  public let signerID: String?
  public let messageType: String?
  public let request: String
  public let replyStatus: Int
  public let replyBody: String

  public var description: String { "\(api)/\(name)" }
}

/// The recordings and vectors beside these tests.
public enum Fixtures {
  public static let exchanges: [Exchange] =
    exchanges(in: "2022-bb36c372", .runtime) + exchanges(in: "v1.9-distributed", .executor)
    + exchanges(in: "tz-2022-bb36c372", .runtime) + exchanges(in: "tz-v1.9", .executor)

  public static func json(_ path: String) -> JSONValue {
    guard let data = FileManager.default.contents(atPath: root + "/" + path) else {
      fatalError("no fixture \(path)")
    }
    do { return try JSONValue(parsing: data) } catch { fatalError("\(path): \(error)") }
  }

  private static let root = Bundle.module.resourcePath.map { $0 + "/Fixtures" } ?? ""

  /// The names of a folder's recordings, in the order in which they were made.
  public static func names(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/" + folder)) ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted()
  }

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
        replyStatus: recording["reply_status"]?.int ?? 0, replyBody: recording["reply_body"]?.string ?? "")
    }
  }
}

extension JSONValue {
  /// The value without members that a Go server reads as if they were missing.
  public var withoutZeroValues: JSONValue {
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
