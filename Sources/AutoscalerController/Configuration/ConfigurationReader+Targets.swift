internal import YAML

extension ConfigurationReader {
  func target(_ node: StrictNode) -> TargetConfiguration? {
    // The kind decides which keys there are; without one, complaints about the others would be guesses.
    guard node.node.mapping == nil || node.node["kind"] != nil else {
      let kinds = TargetConfiguration.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      node.report("required key \"kind\" is missing; kinds are \(kinds)")
      return nil
    }
    var kind: TargetConfiguration.Kind?
    _ = node.mapping(unknownKeys: .ignored) { target in
      kind = target.required("kind")?.choice()
      return kind
    }
    switch kind {
    case .localProcesses?: return localProcesses(node).map { .localProcesses($0) }
    case nil: return nil
    }
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
