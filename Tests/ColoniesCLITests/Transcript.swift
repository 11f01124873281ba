import Colonies
import Foundation
import JSON

/// Recordings of the command lines of 2022: what was typed and what came out.
///
/// Their identities are replaced by those of `TestKeys`, so that tests can sign for them; ids all have the
/// same length, so that no table changes its layout.
struct Transcript: Sendable {
  /// One command and its outcome.
  struct Entry: Sendable {
    let arguments: [String]
    let environment: [String: String]
    let output: String
    let errors: String
    let exitCode: Int
  }

  let entries: [Entry]

  /// Of commit 403968a5: the program whose tables the tutorial shows.
  static let seed = Transcript(
    "cli-2022-403968a5",
    replacing: [
      "473074697b5ae4c6b0d8a351da203abb08a8b594a84b7b0793b20f815acb43f0": TestKeys.server,
      "af5afbf7e380e37789ac18a5041033c7fbae9cfe01429c90622597a5f45eee35": TestKeys.colony,
      "be1214016586ed7d9209ddc40a08b3e04a8d768fb733e88a1c0905acf78fcd03": TestKeys.cli,
      "a57e299c56f9c5d5272f177b32208bd9c1b2e5005f5ad3cdc62f9c527ca7ee93": TestKeys.fibonacci,
    ])

  /// Of commit bb36c372, three weeks later.
  static let later = Transcript(
    "cli-2022-bb36c372",
    replacing: [
      "473074697b5ae4c6b0d8a351da203abb08a8b594a84b7b0793b20f815acb43f0": TestKeys.server,
      "38ab6138741195cb99b1111652486d3a70e9010aa84075d3df3460aad713a8f7": TestKeys.colony,
      "88eb485cda4f2b782ccb1b50f57ebed55d4d0461ca6cb1fbe8f84e03d87799a8": TestKeys.cli,
      "b466f5e9f66ef8ef7ca4e432a277de349c49b4f870e13fd338b827ee4515068f": TestKeys.fibonacci,
    ])

  private init(_ name: String, replacing keys: [String: PrivateKey]) {
    let path = (Bundle.module.resourcePath ?? "") + "/Fixtures/\(name).json"
    guard var text = try? String(contentsOfFile: path, encoding: .utf8) else { fatalError("no \(path)") }
    for (id, key) in keys { text = text.replacingOccurrences(of: id, with: key.id) }
    guard let recording = try? JSONValue(parsing: text) else { fatalError("\(path) is not JSON") }
    entries = (recording.array ?? []).map { entry in
      Entry(
        arguments: (entry["argv"]?.array ?? []).compactMap(\.string),
        environment: (entry["env"]?.object?.meaning ?? [:]).compactMapValues(\.string),
        output: entry["stdout"]?.string ?? "", errors: entry["stderr"]?.string ?? "",
        exitCode: entry["exit_code"]?.int ?? -1)
    }
  }

  /// The JSON that an entry printed, without what the program of the time added behind it.
  func json(_ index: Int) throws -> JSONValue {
    let text = entries[index].output
    return try JSONValue(parsing: text.replacingOccurrences(of: " <nil>", with: ""))
  }
}

/// Keys that stand for those of the recordings, which nobody has.
enum TestKeys {
  static let server = key("1")
  static let colony = key("2")
  static let cli = key("3")
  static let fibonacci = key("4")
  static let stranger = key("5")

  private static func key(_ digit: String) -> PrivateKey {
    guard let key = try? PrivateKey(hexadecimal: String(repeating: digit, count: 64)) else {
      fatalError("not a key")
    }
    return key
  }
}
