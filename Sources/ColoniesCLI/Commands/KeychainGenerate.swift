internal import ArgumentParser
internal import Colonies

/// `colonies keychain generate`
struct KeychainGenerate: SessionCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Make a private key, keep it, and print it with its id.",
    discussion: """
        colonies keychain generate
      """)

  func run(in session: Session) async throws {
    let key = PrivateKey()
    try session.keychain.add(key)
    try session.console.print("Id: \(key.id)\nPrvKey: \(key.hexadecimal)")
  }
}
