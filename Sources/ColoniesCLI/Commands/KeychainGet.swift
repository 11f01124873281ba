internal import ArgumentParser
internal import Colonies

/// `colonies keychain get`
struct KeychainGet: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Print the private key of an identity.",
    discussion: """
        colonies keychain get --id ID
      """)

  @Option(help: ArgumentHelp("The identity.", valueName: "id"))
  var id: String

  func run(in session: Session) async throws {
    let id = try Identifier.checked(id, "key", from: "--id")
    guard let key = try session.keychain.key(of: id) else {
      throw CommandError(
        "No private key found for identity <\(id)>",
        advice: "The keychain is \(session.keychain.path); COLONIES_KEYCHAIN chooses another one.")
    }
    try session.console.print(key.hexadecimal)
  }
}
