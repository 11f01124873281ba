internal import Colonies
internal import ColoniesClient
internal import Files
internal import HTTPTransport
public import YAML

extension AutoscalerConfiguration {
  /// Reads a configuration strictly, also out of a ConfigMap's manifest; relative paths in it are relative to
  /// the file's folder.
  /// - Parameters:
  ///   - file: The file's path, also the name that problems are reported under.
  ///   - defaultNamespace: The namespace of targets that name none; nil when there is no cluster.
  /// - Throws: `YAMLError` with everything that is wrong.
  public init(reading bytes: [UInt8], file: String, defaultNamespace: String? = nil) throws(YAMLError) {
    try self.init(reading: bytes, file: file, defaultNamespace: defaultNamespace, zones: .system)
  }

  init(
    reading bytes: [UInt8], file: String, defaultNamespace: String? = nil, zones: ZoneFiles
  ) throws(YAMLError) {
    let reader = ConfigurationReader(
      folder: File.folder(of: file), defaultNamespace: defaultNamespace, zones: zones)
    let root = try YAMLParser().parse(bytes, file: file)
    guard let manifest = try ConfigMapManifest(root, bytes: bytes, file: file) else {
      self = try YAMLReader().read(bytes, file: file, reader.configuration)
      return
    }
    do {
      self = try YAMLReader().read(manifest.text, file: manifest.file, reader.configuration)
    } catch {
      throw manifest.located(error)
    }
  }
}

/// Reads the parts of a configuration. Each method returns nil after it has reported a problem.
struct ConfigurationReader {
  /// The folder that relative paths start from; empty is the current one.
  let folder: String
  /// The namespace of targets that name none; nil when it is not known.
  let defaultNamespace: String?
  /// The rules of time zones.
  let zones: ZoneFiles

  func configuration(_ root: StrictNode) -> AutoscalerConfiguration? {
    root.mapping { root in
      let servers = root.required("servers").flatMap(self.servers)
      let scalers = root.required("scalers").flatMap { self.scalers($0, servers: servers ?? []) }
      guard let servers, let scalers else { return nil }
      return AutoscalerConfiguration(servers: servers, scalers: scalers)
    }
  }

  // MARK: Servers

  private func servers(_ node: StrictNode) -> [ServerConfiguration]? {
    node.mapping { servers in
      let all = servers.all()
      if all.isEmpty { servers.report("must name at least one server") }
      return all.compactMap { server($0.value, name: $0.key) }.sorted { $0.name < $1.name }
    }
  }

  private func server(_ node: StrictNode, name: String) -> ServerConfiguration? {
    if !Self.isName(name) { node.report("the server's name \(Self.nameRule)") }
    return node.mapping { server in
      let host = server.required("host")?.string(length: 1...253)
      let port = server.required("port")?.integer(in: 1...65_535)
      let usesTLS = server.optional("tls").map { $0.boolean() ?? false } ?? false
      let authorities = server.optional("caFile")?.string().map(path)
      let api = server.optional("api")?.choice(of: APIChoice.self)?.api
      let deadline = server.optional("deadline")?.duration(in: ServerConfiguration.deadlineRange)
      let pin = server.optional("publicKeyPin").flatMap(publicKeyPin)
      for key in ["caFile", "publicKeyPin"] where server.keys.contains(key) && !usesTLS {
        server.report("is given, but tls is not true, so no certificate would be checked", at: key)
      }
      guard let host, let port else { return nil }
      return ServerConfiguration(
        name: name, endpoint: Endpoint(host: host, port: port, usesTLS: usesTLS), authorities: authorities,
        publicKeyPin: pin, api: api, deadline: deadline ?? ServerConfiguration.defaultDeadline)
    }
  }

  private func publicKeyPin(_ node: StrictNode) -> PublicKeyPin? {
    guard let text = node.string() else { return nil }
    let prefix = "sha256//"
    let pin = text.hasPrefix(prefix) ? PublicKeyPin(base64: String(text.dropFirst(prefix.count))) : nil
    if pin == nil { node.report("must be sha256// and the base64 of a public key's SHA-256") }
    return pin
  }

  private enum APIChoice: String, CaseIterable {
    case auto, runtime, executor

    var api: API? {
      switch self {
      case .auto: nil
      case .runtime: .runtime
      case .executor: .executor
      }
    }
  }

  // MARK: Shared

  /// A path from the file, seen from where the program runs.
  func path(_ text: String) -> String { File.resolve(text, in: folder) }

  static let nameRule =
    "must be 1 to 63 lower-case letters, digits and hyphens, with no hyphen at either end"

  /// Whether a text can name a server or a scaler: it becomes part of worker names, labels and file names.
  static func isName(_ text: String) -> Bool {
    func isLetterOrDigit(_ character: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character)
    }
    guard let first = text.utf8.first, let last = text.utf8.last, text.utf8.count <= 63 else { return false }
    return isLetterOrDigit(first) && isLetterOrDigit(last)
      && text.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
  }
}
