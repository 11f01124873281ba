internal import Colonies
internal import ColoniesClient
internal import HTTPTransport

extension WorkerConfiguration {
  /// Reads a worker's configuration from its environment; nil when something is wrong, which the reader then
  /// knows.
  ///
  /// The tutorial's variables (`COLONYID`, `COLONYPRVKEY`, …) and those of the executor API
  /// (`COLONIES_COLONY_NAME`, `COLONIES_COLONY_PRVKEY`, …) are understood alike; which of `COLONYID` and
  /// `COLONIES_COLONY_NAME` is there decides which API is spoken. With both, `COLONIES_API` does, or the
  /// server is asked.
  /// - Parameters:
  ///   - program: The program's name, for the default state file.
  ///   - executorType: The type of worker when `COLONIES_EXECUTOR_TYPE` names none.
  ///   - uniqueName: The name when neither `COLONIES_EXECUTOR_NAME` nor a pod's is there.
  public init?(
    reading reader: inout EnvironmentReader, program: String, executorType: String,
    uniqueName: String = ProcessIdentity.uniqueName()
  ) {
    let before = reader.problems.count
    let host = reader.requiredText("COLONIES_SERVER_HOST", expected: "the server's host name or address")
    let port = Self.port(&reader)
    let usesTLS = reader.flag("COLONIES_TLS")
    let trust = Self.trust(&reader, usesTLS: usesTLS ?? false)
    let colony = Self.colony(&reader)
    let api = Self.api(&reader, colony)
    let key = Self.colonyKey(&reader, colony)
    let name = Self.name(&reader) ?? uniqueName
    let cores = reader.number("CORES", in: 1...100_000)
    let memory = reader.number("MEM", in: 1...1_000_000_000)
    let grace = reader.number("WORKER_GRACE_SECONDS", in: 0...86_400) ?? 30
    let concurrency = reader.number("WORKER_CONCURRENCY", in: 1...Self.largestConcurrency) ?? 1
    let unfinished = reader.choice(
      "WORKER_UNFINISHED", of: ["release": Unfinished.release, "fail": .fail])
    let stateFile = StateFile(reading: reader, program: program)
    guard reader.problems.count == before, let host, let port, let colony, let key else { return nil }

    self.init(
      endpoint: Endpoint(host: host, port: port, usesTLS: usesTLS ?? false), trust: trust,
      api: api, colony: colony, colonyKey: key,
      executorType: reader.text("COLONIES_EXECUTOR_TYPE") ?? executorType, name: name,
      cores: cores, memory: memory, grace: .seconds(grace), stateFile: stateFile)
    self.concurrency = concurrency
    self.unfinished = unfinished ?? .release
  }

  /// The most processes that one worker may be told to work on at once.
  public static var largestConcurrency: Int { 256 }

  private static func port(_ reader: inout EnvironmentReader) -> Int? {
    let variable = "COLONIES_SERVER_PORT"
    guard reader.text(variable) != nil else {
      return reader.requiredText(variable, expected: "the server's port").flatMap(Int.init)
    }
    return reader.number(variable, in: 1...65_535)
  }

  private static func trust(_ reader: inout EnvironmentReader, usesTLS: Bool) -> TLSConfiguration.Trust {
    let path = reader.text("COLONIES_CA_FILE")
    let skipsVerification = reader.flag("COLONIES_SKIP_TLS_VERIFY") ?? false
    // Somebody who names certificates believes the connection is protected.
    if path != nil, !usesTLS {
      reader.report("COLONIES_CA_FILE", "set, but COLONIES_TLS is not true, so no certificate is checked")
    }
    if path != nil, skipsVerification {
      reader.report("COLONIES_CA_FILE, COLONIES_SKIP_TLS_VERIFY", "both set; expected one of them")
    }
    if let path { return .authorities(.file(path)) }
    return skipsVerification ? .insecureSkipVerify : .system
  }

  private static func colony(_ reader: inout EnvironmentReader) -> ColonyReference? {
    let id = reader.text("COLONYID")
    let name = reader.text("COLONIES_COLONY_NAME")
    if let id, !isIdentity(id) {
      reader.report("COLONYID", "found \(reader.quoted(id)), expected 64 hexadecimal digits")
      return nil
    }
    guard id != nil || name != nil else {
      reader.report(
        "COLONYID, COLONIES_COLONY_NAME",
        "neither set; expected the colony's id (runtime API), its name (executor API) or both")
      return nil
    }
    return ColonyReference(id: id ?? "", name: name ?? "")
  }

  private static func api(_ reader: inout EnvironmentReader, _ colony: ColonyReference?) -> API? {
    let variable = "COLONIES_API"
    let wanted = reader.choice(variable, of: ["runtime": API.runtime, "executor": .executor])
    guard let colony else { return wanted }
    switch wanted {
    case .runtime? where colony.id.isEmpty: reader.report(variable, "runtime, which needs COLONYID to be set")
    case .executor? where colony.name.isEmpty:
      reader.report(variable, "executor, which needs COLONIES_COLONY_NAME to be set")
    default: break
    }
    return wanted ?? (colony.id.isEmpty ? .executor : colony.name.isEmpty ? .runtime : nil)
  }

  private static func colonyKey(_ reader: inout EnvironmentReader, _ colony: ColonyReference?) -> PrivateKey?
  {
    let names = ["COLONYPRVKEY", "COLONIES_COLONY_PRVKEY"]
    let before = reader.problems.count
    let found = names.compactMap { name in reader.secret(name).map { (name: name, text: $0) } }
    guard reader.problems.count == before else { return nil }
    guard let first = found.first else {
      reader.report(
        names.joined(separator: ", "),
        "neither set; expected the colony owner's private key, in one of them or in the file that one of "
          + "\(names.map { $0 + "_FILE" }.joined(separator: ", ")) names")
      return nil
    }
    if let other = found.last, other.text != first.text {
      reader.report(names.joined(separator: ", "), "both set, to different keys; expected one of them")
      return nil
    }
    let key: PrivateKey
    do {
      key = try PrivateKey(hexadecimal: first.text)
    } catch {
      reader.report(
        first.name,
        "found \(first.text.utf8.count) characters that are no private key, expected 64 hexadecimal digits")
      return nil
    }
    // A colony's id is by definition its owner's identity.
    if let id = colony?.id, !id.isEmpty, id != key.id {
      reader.report(
        first.name, "found the key of \(key.id), expected the key of the owner of colony \(id) (COLONYID)")
      return nil
    }
    return key
  }

  private static func name(_ reader: inout EnvironmentReader) -> String? {
    let pod = reader.text("KUBERNETES_SERVICE_HOST") == nil ? nil : "HOSTNAME"
    for variable in ["COLONIES_EXECUTOR_NAME", "POD_NAME", pod].compactMap(\.self) {
      guard let name = reader.text(variable) else { continue }
      // A colon in a name breaks the table of workers in upstream servers.
      if name.utf8.count > 253 || name.unicodeScalars.contains(where: { $0 == ":" || $0.value <= 32 }) {
        reader.report(
          variable,
          "found \(reader.quoted(name)), expected a name of at most 253 bytes without white space and colons")
      }
      return name
    }
    return nil
  }

  private static func isIdentity(_ text: String) -> Bool {
    text.utf8.count == 64
      && text.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }
}

extension StateFile {
  /// The state file of a program's worker, as its environment has it: `WORKER_STATE_FILE`, or a file in `TMPDIR` or
  /// `/tmp`.
  public init(reading reader: EnvironmentReader, program: String) {
    let directory = reader.text("TMPDIR") ?? "/tmp"
    self.init(path: reader.text("WORKER_STATE_FILE") ?? "\(directory)/\(program).json")
  }
}
