internal import Autoscaling
internal import Colonies
internal import YAML

extension ConfigurationReader {
  func scalers(_ node: StrictNode, servers: [ServerConfiguration]) -> [ScalerConfiguration]? {
    var names: Set<String> = []
    var targets: [(target: ScaleTargetConfiguration, scaler: String)] = []
    return node.list(count: 1...1_000) { node in
      guard let scaler = self.scaler(node, servers: servers) else { return nil }
      if !names.insert(scaler.name).inserted {
        node.report("is the name of another scaler already", at: ["name"])
      }
      // Two who scale one object undo each other's changes.
      if case .scalable(let target) = scaler.target {
        if let other = targets.first(where: { $0.target.means(target, defaultNamespace: defaultNamespace) }) {
          node.report("is scaled by scaler \"\(other.scaler)\" already, got \(target)", at: ["target"])
        }
        targets.append((target, scaler.name))
      }
      return scaler
    }
  }

  private func scaler(_ node: StrictNode, servers: [ServerConfiguration]) -> ScalerConfiguration? {
    node.mapping { scaler in
      let name = scaler.required("name").flatMap(name)
      let queues = self.queues(&scaler, servers)
      let owner = scaler.optional("ownerCredentials").flatMap(self.credentials)
      var scaleInKeys = ScaleInKeys()
      let policy = self.policy(node, &scaler, &scaleInKeys)
      let isPaused = scaler.optional("paused")?.boolean() ?? false
      let target = scaler.required("target").flatMap(self.target)
      if case .localProcesses = target, let policy,
        policy.highestMax > LocalProcessConfiguration.maximumReplicas
      {
        scaler.report(
          "must be at most \(LocalProcessConfiguration.maximumReplicas) for local processes, got \(policy.highestMax)",
          at: policy.max < policy.highestMax ? "schedules" : "max")
      }
      if case .localProcesses = target, scaler.keys.contains("queues") {
        scaler.report("are given, but local processes are told one queue to serve", at: "queues")
      }
      let scaleIn = target.flatMap {
        scaleInKeys.configuration(for: $0, queues: queues?.count ?? 1, hasOwner: owner != nil, node)
      }
      guard let name, let queues, let first = queues.first, let policy, let target else { return nil }
      return ScalerConfiguration(
        name: name, server: first.server, colony: first.colony, credentials: first.credentials,
        ownerCredentials: owner, executorType: first.executorType, otherQueues: Array(queues.dropFirst()),
        policy: policy, scaleIn: scaleIn, isPaused: isPaused, target: target)
    }
  }

  private func name(_ node: StrictNode) -> String? {
    guard let name = node.string() else { return nil }
    guard Self.isName(name) else {
      node.report(Self.nameRule)
      return nil
    }
    return name
  }

  func server(
    _ scaler: inout StrictMapping, _ servers: [ServerConfiguration]
  ) -> ServerConfiguration? {
    guard let node = scaler.optional("server") else {
      if servers.count > 1 {
        let names = servers.map(\.name).joined(separator: ", ")
        scaler.report("required key \"server\" is missing, as there are several: \(names)")
      }
      return servers.count == 1 ? servers[0] : nil
    }
    // Without servers there is nothing to compare with, and that is a problem of its own.
    guard !servers.isEmpty, let name = node.choice(among: servers.map(\.name)) else { return nil }
    return servers.first { $0.name == name }
  }

  func colony(_ node: StrictNode, api: API?) -> ColonyReference? {
    node.mapping { colony in
      let id = colony.optional("id").map { node in
        let id = node.string(length: 64...64)
        if let id, !id.utf8.allSatisfy(\.isLowerCaseHexadecimal) {
          node.report("must be 64 lower-case hexadecimal digits")
        }
        return id ?? ""
      }
      let name = colony.optional("name").map { $0.string(length: 1...253) ?? "" }
      switch (api, id, name) {
      case (_, nil, nil): colony.report("must have a name (executor API), an id (runtime API) or both")
      case (.runtime?, nil, _): colony.report("must have an id, by which servers of the runtime API know it")
      case (.executor?, _, nil):
        colony.report("must have a name, by which servers of the executor API know it")
      default: break
      }
      return ColonyReference(id: id ?? "", name: name ?? "")
    }
  }

  // MARK: Credentials

  func credentials(_ node: StrictNode) -> KeySource? {
    let never = "a private key must never be in this file; put it into a file or an environment variable"
    guard node.node.mapping != nil else {
      node.report("must be `file: PATH` or `environment: NAME`; \(never)")
      return nil
    }
    return node.mapping { credentials in
      let keys = ["key", "privateKey", "prvkey", "private_key"].filter(credentials.keys.contains)
      for key in keys {
        credentials.allow(key)
        credentials.report("\(never), and name that here as `file` or `environment`", at: key)
      }
      let file = credentials.optional("file").flatMap { self.place($0, never) }
      let variable = credentials.optional("environment").flatMap { node -> String? in
        guard let name = self.place(node, never) else { return nil }
        if !Self.isVariableName(name) { node.report("must be the name of an environment variable") }
        return name
      }
      switch (file, variable) {
      case (let file?, nil): return .file(path(file))
      case (nil, let variable?): return .environment(variable)
      case (_?, _?): credentials.report("must have either file or environment, not both")
      case (nil, nil):
        let isWritten = credentials.keys.contains("file") || credentials.keys.contains("environment")
        if keys.isEmpty, !isWritten {
          credentials.report("must have `file: PATH` or `environment: NAME`, where the private key is")
        }
      }
      return nil
    }
  }

  /// The place of a key, which must not look like the key itself.
  private func place(_ node: StrictNode, _ never: String) -> String? {
    guard let text = node.string() else { return nil }
    guard !KeySource.looksLikeKey(text) else {
      node.report("looks like a private key; \(never), and name that here")
      return nil
    }
    return text
  }

  static func isVariableName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
      return false
    }
    return text.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }
}

extension UInt8 {
  fileprivate var isLowerCaseHexadecimal: Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
  }
}
