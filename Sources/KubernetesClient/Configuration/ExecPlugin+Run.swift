internal import Base64
internal import Glibc
internal import JSON
internal import Subprocess
internal import SystemPackage
internal import Timekeeping

extension ExecPlugin {
  /// The most that a plugin may print.
  private static let maximumOutputBytes = 1 << 20

  /// Runs the program. What it says on stderr goes to this process's stderr: it may be a question.
  func run(time: Timekeeper) async throws(KubernetesError) -> ExecCredential {
    let isTerminal = isatty(0) == 1
    guard interactiveMode != .always || isTerminal else {
      throw failure("it must ask the user something (interactiveMode Always), but there is no terminal")
    }
    let isInteractive = isTerminal && interactiveMode != .never
    do {
      let (status, output) = try await time.within(timeout) {
        try await execute(isInteractive: isInteractive)
      }
      guard status == .exited(0) else { throw failure("it failed: \(status)") }
      return try ExecCredential(output, from: self)
    } catch let error as KubernetesError {
      throw error
    } catch is CancellationError {
      throw KubernetesError(.cancelled, "\(self): cancelled")
    } catch is DeadlineError {
      throw failure("it did not end within \(timeout)")
    } catch let error as SubprocessError where error.code == .executableNotFound {
      throw failure("it is not installed" + (installHint.map { ": \($0)" } ?? ""))
    } catch {
      throw failure("\(error)")
    }
  }

  private func execute(isInteractive: Bool) async throws -> (TerminationStatus, [UInt8]) {
    var variables: [Environment.Key: String?] = ["KUBERNETES_EXEC_INFO": information(isInteractive)]
    for (name, value) in environment {
      if let key = Environment.Key(rawValue: name) { variables[key] = value }
    }
    var options = PlatformOptions()
    // Kills the children of a script too, which would otherwise keep the output open. A program that asks the
    // user stays in this group: outside of it, it could not read the terminal.
    if !isInteractive { options.processGroupID = 0 }
    options.teardownSequence = [
      .send(signal: .kill, toProcessGroup: !isInteractive, allowedDurationToNextStep: .zero)
    ]
    let executable: Executable = command.contains("/") ? .path(FilePath(command)) : .name(command)
    if isInteractive {
      let result = try await Subprocess.run(
        executable, arguments: Arguments(arguments), environment: .inherit.updating(variables),
        platformOptions: options, input: .currentStandardInput,
        output: .bytes(limit: Self.maximumOutputBytes), error: .currentStandardError)
      return (result.terminationStatus, result.standardOutput)
    }
    let result = try await Subprocess.run(
      executable, arguments: Arguments(arguments), environment: .inherit.updating(variables),
      platformOptions: options, input: .none, output: .bytes(limit: Self.maximumOutputBytes),
      error: .currentStandardError)
    return (result.terminationStatus, result.standardOutput)
  }

  /// What the program finds in `KUBERNETES_EXEC_INFO`.
  func information(_ isInteractive: Bool) -> String {
    var spec = JSONObject()
    if providesClusterInformation, let cluster {
      var object = JSONObject()
      object.append("server", .string(cluster.server))
      if let name = cluster.tlsServerName { object.append("tls-server-name", .string(name)) }
      if cluster.skipsVerification { object.append("insecure-skip-tls-verify", true) }
      if let authorities = cluster.authorities {
        object.append("certificate-authority-data", .string(Base64.encode(authorities)))
      }
      if let url = cluster.proxyURL { object.append("proxy-url", .string(url)) }
      spec.append("cluster", .object(object))
    }
    spec.append("interactive", .bool(isInteractive))
    let document: JSONValue = [
      "kind": "ExecCredential", "apiVersion": .string(version.rawValue), "spec": .object(spec),
    ]
    return document.text()
  }

  private func failure(_ problem: String) -> KubernetesError {
    KubernetesError(.noCredentials, "\(self): \(problem)")
  }
}
