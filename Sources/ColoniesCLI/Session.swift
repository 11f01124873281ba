internal import HTTPTransport

/// What a command has to work with: everything outside of it, so that tests can put something else there.
struct Session: Sendable {
  var environment: EnvironmentVariables
  var console: Console
  var keychain: Keychain
  /// The zone that times are shown in unless the user asks for UTC.
  var zone: DisplayZone
  /// Makes what carries requests to a server.
  var transport: @Sendable (ServerSettings) throws -> any HTTPClient
  /// Waits between two looks at a process.
  var sleep: @Sendable (Duration) async throws -> Void

  /// The session of this program.
  static func live(_ transports: Transports = Transports()) -> Session {
    let environment = EnvironmentVariables.current()
    return Session(
      environment: environment, console: .standard(environment), keychain: Keychain(environment),
      zone: .local, transport: { try transports.start($0) }, sleep: { try await Task.sleep(for: $0) })
  }

  /// The finder of this session's keys.
  var keys: KeyFinder { KeyFinder(environment: environment, keychain: keychain) }
}
