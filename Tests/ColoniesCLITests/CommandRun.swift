import ArgumentParser
import Colonies
import TestSupport
@testable import ColoniesCLI
import ColoniesClient
import Foundation
import HTTPTransport
import Locking

/// What a command did.
struct CommandRun: Sendable {
  let exitCode: Int32
  let output: String
  let errors: String
  /// How long it waited between looks at a process.
  let pauses: [Duration]

  /// The root command of the tests.
  struct Root: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "colonies", subcommands: Program.commands)
  }

  /// Runs `colonies` with these arguments.
  /// - Parameters:
  ///   - environment: Beside `HOME`, which is a folder of the run's own.
  ///   - keys: What the keychain has.
  ///   - server: Who answers; nil is nobody.
  init(
    _ arguments: [String], environment: [String: String] = [:], keys: [PrivateKey] = [],
    server: (any HTTPClient)? = nil, home: TemporaryDirectory = TemporaryDirectory(),
    zone: DisplayZone = .utc,
    outputIsTerminal: Bool = false, errorIsTerminal: Bool = false
  ) async throws {
    var variables = ["HOME": home.path]
    variables.merge(environment) { _, new in new }
    let written = Locked((output: "", errors: "", pauses: [Duration]()))
    var session = Session.live()
    session.environment = EnvironmentVariables(variables)
    session.keychain = Keychain(session.environment)
    session.zone = zone
    session.console = Console(
      outputIsTerminal: outputIsTerminal, errorIsTerminal: errorIsTerminal,
      output: { text in written.withLock { $0.output += text } },
      errors: { text in written.withLock { $0.errors += text } })
    session.transport = { _ in
      guard let server else { throw ColoniesError(.unreachable, "nobody is there") }
      return server
    }
    session.sleep = { pause in written.withLock { $0.pauses.append(pause) } }
    for key in keys { try session.keychain.add(key) }
    exitCode = await Program.run(Root.self, arguments: arguments, in: session)
    (output, errors, pauses) = written.withLock { $0 }
  }
}

extension TemporaryDirectory {
  /// Writes a file into the folder.
  /// - Returns: The file's path.
  @discardableResult
  func write(_ text: String, _ name: String) throws -> String {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    return file
  }

  /// The names of the files in a folder of the folder.
  func files(_ name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path + "/" + name)
  }

  func permissions(_ name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path + "/" + name)[.posixPermissions] as? Int
  }
}
