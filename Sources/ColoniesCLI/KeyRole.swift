/// Whose private key a command needs.
enum KeyRole: CaseIterable {
  case server, colony, runtime

  /// The variables that name the identity. The first is the one to recommend.
  var idVariables: [String] {
    switch self {
    case .server: ["SERVERID", "COLONIES_SERVER_ID"]
    case .colony: ["COLONYID"]
    case .runtime: ["RUNTIMEID"]
    }
  }

  /// The variables that hold the key; with `_FILE` behind the name, the path of a file that holds it.
  var keyVariables: [String] {
    switch self {
    case .server: ["SERVERPRVKEY", "COLONIES_SERVER_PRVKEY"]
    case .colony: ["COLONYPRVKEY", "COLONIES_COLONY_PRVKEY"]
    case .runtime: ["RUNTIMEPRVKEY", "COLONIES_PRVKEY"]
    }
  }

  /// The options that name the identity.
  var idOptions: [String] {
    switch self {
    case .server: ["--serverid"]
    case .colony: ["--colonyid"]
    case .runtime: ["--runtimeid", "--executorid"]
    }
  }

  /// The options that name a file with the key.
  var keyFileOptions: [String] {
    switch self {
    case .server: ["--serverprvkey-file"]
    case .colony: ["--colonyprvkey-file"]
    case .runtime: ["--runtimeprvkey-file", "--executorprvkey-file"]
    }
  }

  /// What the role is called in messages.
  var name: String {
    switch self {
    case .server: "server"
    case .colony: "colony"
    case .runtime: "runtime"
    }
  }
}
