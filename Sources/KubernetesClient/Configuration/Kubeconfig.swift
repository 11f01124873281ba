internal import Files
internal import YAML

/// What kubeconfig files say together.
///
/// The first file that has something wins: the current context, and each cluster, user and context by its name.
/// Later entries of the same name are ignored as a whole.
public struct Kubeconfig: Sendable {
  /// Where an entry is written.
  struct Place: Sendable {
    let file: String
    let line: Int

    var description: String { "\(file):\(line)" }
    /// What relative paths in the entry start from.
    var folder: String { File.folder(of: file) }
  }

  struct Context: Sendable {
    let place: Place
    /// The cluster's name; empty when none is named.
    let cluster: String
    /// The user's name; empty when none is named.
    let user: String
    let namespace: String?
  }

  struct Cluster: Sendable {
    let place: Place
    var server = ""
    var tlsServerName: String?
    var skipsVerification = false
    var authorityFile: String?
    var authorityData: [UInt8]?
    var proxyURL: String?
  }

  struct User: Sendable {
    let place: Place
    var certificateFile: String?
    var certificateData: [UInt8]?
    var keyFile: String?
    var keyData: [UInt8]?
    var token: String?
    var tokenFile: String?
    var username: String?
    var password: String?
    var impersonation: Impersonation?
    /// The program that prints credentials, or what is wrong with how it is written.
    var exec: Result<ExecPlugin, YAMLError>?
    /// Where a provider of the old kind is named, which nobody runs any more.
    var authProvider: String?
  }

  /// The files that were read, in their order.
  public private(set) var files: [String] = []
  private(set) var currentContext: (name: String, place: Place)?
  private(set) var contexts: [String: Context] = [:]
  private(set) var clusters: [String: Cluster] = [:]
  private(set) var users: [String: User] = [:]

  /// The names of all contexts, sorted.
  public var contextNames: [String] { contexts.keys.sorted() }

  /// Reads one file.
  public init(file: String) throws(KubernetesError) {
    try merge(file)
  }

  /// Reads the files that `KUBECONFIG` names, or `~/.kube/config`. Files that do not exist are left out, unless
  /// none does.
  public init(environment: [String: String]) throws(KubernetesError) {
    let named = (environment["KUBECONFIG"] ?? "").split(separator: ":").map(String.init)
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
    let paths = named.isEmpty ? home.map { ["\($0)/.kube/config"] } ?? [] : named
    for path in paths where File.exists(path) { try merge(path) }
    if files.isEmpty {
      let looked =
        paths.isEmpty ? "HOME and KUBECONFIG are not set" : "looked for \(paths.joined(separator: ", "))"
      throw KubernetesError(
        .invalidConfiguration, "there is no kubeconfig: \(looked); set KUBECONFIG or pass --kubeconfig")
    }
  }

  private mutating func merge(_ path: String) throws(KubernetesError) {
    let contents: KubeconfigContents
    do {
      let bytes = try File.bytes(path, limit: KubeconfigContents.maximumBytes)
      contents = try KubeconfigContents(bytes, file: path)
    } catch {
      throw KubernetesError(.invalidConfiguration, "\(error)")
    }
    files.append(path)
    if currentContext == nil { currentContext = contents.currentContext }
    contexts.merge(contents.contexts) { first, _ in first }
    clusters.merge(contents.clusters) { first, _ in first }
    users.merge(contents.users) { first, _ in first }
  }
}
