internal import Base64
internal import Files
internal import HTTPTransport
internal import YAML

/// What one kubeconfig file says.
struct KubeconfigContents {
  /// People's files hold the inline certificates of many clusters.
  static let maximumBytes = 8 << 20

  var currentContext: (name: String, place: Kubeconfig.Place)?
  var contexts: [String: Kubeconfig.Context] = [:]
  var clusters: [String: Kubeconfig.Cluster] = [:]
  var users: [String: Kubeconfig.User] = [:]

  /// Reads a file's bytes; `file` is its path.
  init(_ bytes: [UInt8], file: String) throws(YAMLError) {
    let reader = YAMLReader(limits: YAMLLimits(maximumBytes: Self.maximumBytes))
    self = try reader.read(bytes, file: file) { KubeconfigContents($0, file: file) }
  }

  private init?(_ root: StrictNode, file: String) {
    // An empty file is an empty kubeconfig.
    if root.node.isNull { return }
    let contents = root.mapping(unknownKeys: .ignored) { root -> KubeconfigContents? in
      var contents = KubeconfigContents()
      contents.read(&root, file: file)
      return contents
    }
    guard let contents else { return nil }
    self = contents
  }

  private init() {}

  private mutating func read(_ root: inout StrictMapping, file: String) {
    if let node = root.optional("current-context"), let name = node.text {
      currentContext = (name, Kubeconfig.Place(file: file, line: node.node.mark.line))
    }
    contexts = Self.entries(&root, "contexts", "context") { node, place in
      node.mapping(unknownKeys: .ignored) { entry in
        // Not here: what is missing in a context that is not used does not matter.
        Kubeconfig.Context(
          place: place(file), cluster: entry.text("cluster") ?? "", user: entry.text("user") ?? "",
          namespace: entry.text("namespace"))
      }
    }
    clusters = Self.entries(&root, "clusters", "cluster") { node, place in
      node.mapping(unknownKeys: .ignored) { Self.cluster(&$0, place(file)) }
    }
    users = Self.entries(&root, "users", "user") { node, place in
      // A user without credentials is written `user: {}`, or with nothing behind it.
      if node.node.isNull { return Kubeconfig.User(place: place(file)) }
      return node.mapping(unknownKeys: .ignored) { Self.user(&$0, place(file)) }
    }
  }

  /// Reads a list of names with what they stand for.
  private static func entries<Entry>(
    _ root: inout StrictMapping, _ list: String, _ key: String,
    _ read: (StrictNode, (String) -> Kubeconfig.Place) -> Entry?
  ) -> [String: Entry] {
    guard let node = root.optional(list), !node.node.isNull else { return [:] }
    var entries: [String: Entry] = [:]
    _ = node.list { element in
      element.mapping(unknownKeys: .ignored) { mapping -> Bool? in
        guard let name = mapping.required("name")?.name(), let value = mapping.required(key) else {
          return nil
        }
        let line = element.node.mark.line
        guard let entry = read(value, { Kubeconfig.Place(file: $0, line: line) }) else { return nil }
        // The first one wins here too.
        if entries[name] == nil { entries[name] = entry }
        return true
      }
    }
    return entries
  }

  private static func cluster(
    _ entry: inout StrictMapping, _ place: Kubeconfig.Place
  ) -> Kubeconfig.Cluster? {
    var cluster = Kubeconfig.Cluster(place: place)
    // Not here: what is wrong in a cluster that is not used does not matter.
    cluster.server = entry.text("server") ?? ""
    cluster.tlsServerName = entry.text("tls-server-name")
    cluster.proxyURL = entry.text("proxy-url")
    cluster.authorityFile = entry.text("certificate-authority").map { File.resolve($0, in: place.folder) }
    cluster.authorityData = entry.base64("certificate-authority-data")
    if let node = entry.optional("insecure-skip-tls-verify"), !node.node.isNull {
      cluster.skipsVerification = node.boolean() ?? false
    }
    return cluster
  }

  private static func user(_ entry: inout StrictMapping, _ place: Kubeconfig.Place) -> Kubeconfig.User? {
    var user = Kubeconfig.User(place: place)
    func file(_ key: String) -> String? { entry.text(key).map { File.resolve($0, in: place.folder) } }
    user.certificateFile = file("client-certificate")
    user.certificateData = entry.base64("client-certificate-data")
    user.keyFile = file("client-key")
    user.keyData = entry.base64("client-key-data")
    user.token = entry.text("token")
    user.tokenFile = file("tokenFile")
    user.username = entry.text("username")
    user.password = entry.text("password")
    if let asUser = entry.text("as") {
      user.impersonation = Impersonation(
        user: asUser, uid: entry.text("as-uid"), groups: entry.texts("as-groups"),
        extra: entry.textLists("as-user-extra"))
    }
    if let node = entry.optional("auth-provider"), !node.node.isNull {
      user.authProvider = "\(place.file):\(node.node.mark.line)"
    }
    if let node = entry.optional("exec"), !node.node.isNull {
      // Kubeconfigs keep users of clusters that are gone, whose plugins are of a version that nobody speaks any more.
      user.exec = node.apart(file: place.file) { node in
        node.mapping(unknownKeys: .ignored) { exec(&$0, place) }
      }
    }
    return user
  }

  private static func exec(_ entry: inout StrictMapping, _ place: Kubeconfig.Place) -> ExecPlugin? {
    let version: ExecPlugin.Version? = entry.required("apiVersion")?.choice()
    guard let version, let command = entry.required("command")?.name() else { return nil }
    var mode = ExecPlugin.InteractiveMode.ifAvailable
    if let node = entry.optional("interactiveMode"), !node.node.isNull {
      mode = node.choice() ?? mode
    } else if version == .v1 {
      entry.report("required key \"interactiveMode\" is missing: Never, IfAvailable or Always")
    }
    var variables: [String: String] = [:]
    if let node = entry.optional("env"), !node.node.isNull {
      _ = node.list { element in
        element.mapping(unknownKeys: .ignored) { variable -> Bool? in
          guard let name = variable.required("name")?.name() else { return nil }
          variables[name] = variable.text("value") ?? ""
          return true
        }
      }
    }
    var providesCluster = false
    if let node = entry.optional("provideClusterInfo"), !node.node.isNull {
      providesCluster = node.boolean() ?? false
    }
    return ExecPlugin(
      version: version,
      // A bare name is looked for on the PATH.
      command: command.contains("/") ? File.resolve(command, in: place.folder) : command,
      arguments: entry.texts("args"), environment: variables, interactiveMode: mode,
      providesClusterInformation: providesCluster, installHint: entry.text("installHint"))
  }
}

extension StrictNode {
  /// A text that must be there and not be empty.
  fileprivate func name() -> String? { string(length: 1...65_536) }

  /// A text; nil when there is none or it is empty, both of which mean "not set" in a kubeconfig.
  fileprivate var text: String? {
    if node.isNull { return nil }
    return string(length: 0...KubeconfigContents.maximumBytes).flatMap { $0.isEmpty ? nil : $0 }
  }
}

extension StrictMapping {
  fileprivate mutating func text(_ key: String) -> String? { optional(key).flatMap(\.text) }

  fileprivate mutating func base64(_ key: String) -> [UInt8]? {
    guard let node = optional(key), let text = node.text else { return nil }
    guard let bytes = Base64.decode(text), !bytes.isEmpty else {
      node.report("must be base64")
      return nil
    }
    return bytes
  }

  fileprivate mutating func texts(_ key: String) -> [String] {
    guard let node = optional(key), !node.node.isNull else { return [] }
    return node.list { $0.string(length: 0...65_536) } ?? []
  }

  fileprivate mutating func textLists(_ key: String) -> [String: [String]] {
    guard let node = optional(key), !node.node.isNull else { return [:] }
    let lists = node.mapping { mapping -> [String: [String]]? in
      let entries = mapping.all().map { ($0.key, $0.value.list { $0.string(length: 0...65_536) } ?? []) }
      return Dictionary(entries, uniquingKeysWith: { first, _ in first })
    }
    return lists ?? [:]
  }
}
