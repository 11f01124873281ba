internal import ArgumentParser

/// The options of 2022 that took a private key as their value. A command line is no secret: other users
/// read it with `ps`, and the shell writes it into its history.
enum PrivateKeyOption {
  /// - Throws: `ValidationError` when an argument is such an option. It does not repeat the key.
  static func refuse(in arguments: [String]) throws {
    for argument in arguments.prefix(while: { $0 != "--" }) {
      let name = argument.prefix { $0 != "=" }
      guard name.hasPrefix("--"), name.hasSuffix("prvkey") else { continue }
      let role = KeyRole.allCases.first { $0.keyFileOptions.contains("\(name)-file") } ?? .runtime
      throw ValidationError(
        """
        '\(name)' does not exist: a private key on the command line can be read by others.
        Give it in a file, with \(role.keyFileOptions[0]) FILE, or in the environment, with \
        \(role.keyVariables[0]) or \(role.keyVariables[0])_FILE, or keep it in the keychain \
        (see 'colonies help keychain').
        """)
    }
  }
}
