internal import Colonies
internal import ColoniesClient

/// A server with what a command needs to ask it something.
struct Connection: Sendable {
  let client: ColoniesClient
  let api: API
  /// The colony, as far as it is known.
  let colony: ColonyReference

  /// How the API calls things.
  var vocabulary: Vocabulary { Vocabulary(api) }

  /// The colony, with what this API names it by.
  /// - Throws: `CommandError` when that is not known.
  func requiredColony() throws -> ColonyReference {
    let name = api == .runtime ? colony.id : colony.name
    if name.isEmpty { throw Self.unnamedColony(api) }
    return colony
  }

  /// What is told a user who has not named a colony as an API needs it.
  static func unnamedColony(_ api: API) -> CommandError {
    let naming =
      switch api {
      case .runtime: "Set COLONYID or use --colonyid; `colonies colony ls` lists the server's colonies."
      case .executor:
        "The executor API knows colonies by name: set COLONIES_COLONY_NAME or use --colony-name."
      }
    return CommandError(
      "no colony is named",
      advice: naming + "\nWith the embedded server, this sets up all there is to set up: "
        + #"eval "$(colonies dev)""#)
  }

  /// Asks with one key after the other, as long as the server denies it to them.
  func firstAllowed<Answer>(
    _ keys: [PrivateKey], _ ask: (PrivateKey) async throws -> Answer
  ) async throws -> Answer {
    var denial: ColoniesError?
    for key in keys {
      do {
        return try await ask(key)
      } catch let error as ColoniesError where error.code == .denied {
        // The first denial tells more: it was the key that the user named.
        denial = denial ?? error
      }
    }
    throw denial ?? ColoniesError(.denied, "there is no key to ask with")
  }
}

extension Session {
  /// Connects for a command about a colony.
  /// - Throws: `CommandError` when no colony is named; before the server is asked anything, if it can be.
  func connect(_ server: ServerOptions, naming colony: ColonyOptions, api: API? = nil) async throws
    -> Connection
  {
    let reference = try self.reference(colony)
    if reference.id.isEmpty, reference.name.isEmpty { throw Connection.unnamedColony(api ?? .runtime) }
    let connection = try await connect(server, colony, api: api)
    _ = try connection.requiredColony()
    return connection
  }

  /// Reads the settings and finds out the server's API.
  /// - Parameter api: The API that the command cannot do without, if so.
  func connect(
    _ server: ServerOptions, _ colony: ColonyOptions? = nil, api required: API? = nil
  ) async throws -> Connection {
    let settings = try server.settings(environment)
    let named = try colony?.reference(self) ?? ColonyReference()
    let client = ColoniesClient(
      endpoint: settings.endpoint, transport: try transport(settings),
      api: required ?? settings.api ?? Self.api(by: named))
    return Connection(
      client: client, api: try await client.resolvedAPI(), colony: try colony.map(reference) ?? named)
  }

  /// The colony as the user named it, or else by its key: the key's identity is the colony's id.
  private func reference(_ colony: ColonyOptions) throws -> ColonyReference {
    var reference = try colony.reference(self)
    if reference.id.isEmpty, let key = try keys.existingKey(.colony, id: nil, file: colony.keyFile) {
      reference.id = key.id
    }
    return reference
  }

  /// The API in which the user named the colony. A server may have both, and answers only in the one that it
  /// is asked in.
  private static func api(by colony: ColonyReference) -> API? {
    switch (colony.id.isEmpty, colony.name.isEmpty) {
    case (false, true): .runtime
    case (true, false): .executor
    default: nil
    }
  }
}
