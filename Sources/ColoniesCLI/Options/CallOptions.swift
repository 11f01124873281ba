internal import ArgumentParser
internal import Colonies

/// As which runtime a command asks, about which colony, and which server.
struct CallOptions: ParsableArguments {
  @OptionGroup var runtime: RuntimeKeyOptions
  @OptionGroup var colony: ColonyOptions
  @OptionGroup var server: ServerOptions

  /// The runtime's key, and the server that it asks.
  /// - Parameter api: The API that the command cannot do without, if so.
  func connect(_ session: Session, api: API? = nil) async throws -> (key: PrivateKey, connection: Connection)
  {
    let key = try runtime.key(session)
    return (key, try await session.connect(server, colony, api: api))
  }
}
