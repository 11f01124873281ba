internal import Colonies
internal import JSON

/// Reads the files that describe a colony: `{"name": …}`.
enum ColonySpec {
  private static let shape = SpecShape.object(["name": .string, "colonyid": .string])

  /// The colony; its id is empty when the file has none.
  static func colony(_ file: SpecFile) throws -> Colony {
    let reader = try JSONReader(.object(try file.fields(shape)), structure: "Colony")
    let colony = try Colony(reader)
    if colony.name.isEmpty { try file.refuse(["name: missing"]) }
    return colony
  }
}
