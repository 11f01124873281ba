internal import KubernetesClient
internal import YAML

extension ConfigurationReader {
  func target(_ node: StrictNode) -> TargetConfiguration? {
    let local = TargetConfiguration.localProcessesKind
    let known = [local] + ScaleTargetConfiguration.knownKinds.keys.sorted()
    // The kind decides which keys there are; without one, complaints about the others would be guesses.
    guard node.node.mapping == nil || node.node["kind"] != nil else {
      node.report(
        "required key \"kind\" is missing; kinds are \(known.joined(separator: ", ")), and with an "
          + "apiVersion any other that has a scale subresource")
      return nil
    }
    var kind: String?
    _ = node.mapping(unknownKeys: .ignored) { target in
      // Only an apiVersion makes a word the name of a kind that is not known here, rather than a slip.
      let isForeign = target.optional("apiVersion") != nil
      kind = target.required("kind").flatMap {
        isForeign ? $0.string(length: 1...63) : $0.choice(among: known)
      }
      return kind
    }
    switch kind {
    case local?: return localProcesses(node).map { .localProcesses($0) }
    case let kind?: return scalable(node, kind: kind).map { .scalable($0) }
    case nil: return nil
    }
  }

  private func scalable(_ node: StrictNode, kind: String) -> ScaleTargetConfiguration? {
    node.mapping { target in
      target.allow("kind")
      let apiVersion = target.optional("apiVersion").map { $0.string(length: 1...253) }
      let name = target.required("name")?.string(length: 1...253)
      let namespace = target.optional("namespace")?.string(length: 1...63)
      if let namespace, !Self.isName(namespace) { target.report(Self.nameRule, at: "namespace") }
      if let name, !Self.isObjectName(name) {
        target.report(
          "must be the name of an object: lower-case letters, digits, hyphens and dots", at: "name")
      }
      guard let name, let apiVersion = apiVersion ?? ScaleTargetConfiguration.knownKinds[kind] else {
        return nil
      }
      return ScaleTargetConfiguration(
        reference: ScaleTargetReference(apiVersion: apiVersion, kind: kind, name: name), namespace: namespace)
    }
  }

  /// Whether a text can be an object's name: names joined by dots.
  private static func isObjectName(_ text: String) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { isName(String($0)) }
  }

  private func localProcesses(_ node: StrictNode) -> LocalProcessConfiguration? {
    node.mapping { target in
      target.allow("kind")
      let command = target.required("command")?.list(count: 1...1_000) { $0.string(length: 0...65_536) }
      if let program = command?.first, program.isEmpty {
        target.report("must begin with a program, got an empty text", at: "command")
      }
      let environment = target.optional("environment").flatMap(self.environment)
      let environmentFile = target.optional("environmentFromFile")?.string().map(path)
      let workingDirectory = target.optional("workingDirectory")?.string().map(path)
      let gracePeriod = target.optional("gracePeriod")?.duration(
        in: LocalProcessConfiguration.gracePeriodRange)
      let logDirectory = target.optional("logDirectory")?.string().map(path)
      guard let command else { return nil }
      return LocalProcessConfiguration(
        command: program(command), environment: environment ?? [:], environmentFile: environmentFile,
        workingDirectory: workingDirectory,
        gracePeriod: gracePeriod ?? LocalProcessConfiguration.defaultGracePeriod, logDirectory: logDirectory)
    }
  }

  /// A command whose program, if it is a relative path, is seen from where the autoscaler runs.
  private func program(_ command: [String]) -> [String] {
    guard let program = command.first, program.contains("/") else { return command }
    return [path(program)] + command.dropFirst()
  }

  private func environment(_ node: StrictNode) -> [String: String]? {
    node.mapping { environment in
      var variables: [String: String] = [:]
      for (name, value) in environment.all() {
        if !Self.isVariableName(name) {
          value.report("must have the name of an environment variable")
        } else if LocalProcessEnvironment.reserved.contains(name) {
          value.report("is set by the autoscaler, to another value for each worker")
        } else if let text = value.string(length: 0...65_536) {
          if KeySource.looksLikeKey(text), name.uppercased().contains("KEY") {
            value.report(
              "looks like a private key, which must never be in this file; put it into a file and name that "
                + "in environmentFromFile, or as \(name)_FILE here")
          }
          variables[name] = text
        }
      }
      return variables
    }
  }
}
