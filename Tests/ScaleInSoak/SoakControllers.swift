internal import Glibc
internal import KubernetesClient
internal import KubernetesTestSupport
internal import Locking
internal import TestSupport

/// Two autoscalers that compete for a lease, and die when a soak wants it.
actor SoakControllers {
  private static let names = ["first", "second"]
  private static let lease = "colonies-autoscaler"
  /// Longer than any request is under way, with what a soak does to it.
  private static let transit = Duration.seconds(4)

  private let program: String
  private let options: [String]
  private let directory: TemporaryDirectory
  private let server: APIServer
  private let namespace: String
  private var processes: [String: ChildProcess] = [:]
  /// How often one was killed, and how often one was asked to end.
  private(set) var kills = 0
  private(set) var stops = 0
  /// What no autoscaler should do, in words.
  private(set) var problems: [String] = []

  init(
    _ program: String, configuration: String, kubeconfig: String, namespace: String, server: APIServer,
    in directory: TemporaryDirectory
  ) throws {
    self.program = program
    self.directory = directory
    self.namespace = namespace
    self.server = server
    options = [
      "run", "--config", configuration, "--kubeconfig", kubeconfig, "--leader-elect", "--lease",
      "\(namespace)/\(Self.lease)", "--log-format", "json",
    ]
    for name in Self.names { processes[name] = try Self.start(name, program, options, directory) }
  }

  private static func start(
    _ name: String, _ program: String, _ options: [String], _ directory: TemporaryDirectory
  ) throws -> ChildProcess {
    try ChildProcess(
      ["/usr/bin/env", "POD_NAME=\(name)", program] + options, logFile: directory.file("\(name).log"))
  }

  /// Ends the one that leads, if one does, and starts it again.
  /// - Parameters:
  ///   - isAsked: Whether it is asked to end, and gives its lease back; otherwise it is killed.
  ///   - isLeaseFreed: Whether the lease of a killed one is given back in its place; otherwise it has to end.
  /// - Returns: Whether there was one.
  func endLeader(isAsked: Bool, isLeaseFreed: Bool) async throws -> Bool {
    guard let name = try await leader(), let process = processes[name] else { return false }
    if let exit = process.exitIfEnded { problems.append("\(name) ended by itself with \(exit)") }
    process.kill(isAsked ? SIGTERM : SIGKILL)
    // The end of the round must not make a killed one of one that is on its way.
    let exit = await process.exit(onCancellation: SIGTERM)
    if isAsked {
      stops += 1
      if exit != .code(0) { problems.append("\(name) was asked to end, and ended with \(exit)") }
    } else {
      kills += 1
      // What it had sent must have arrived by then, as it has when a lease ends. Cancelled: then it does that.
      if isLeaseFreed, (try? await ContinuousClock().sleep(for: Self.transit)) != nil {
        try await freeLease(heldBy: name)
      }
    }
    processes[name] = try Self.start(name, program, options, directory)
    return true
  }

  /// Ends both.
  func endAll() async {
    for (name, process) in processes {
      if let exit = process.exitIfEnded { problems.append("\(name) ended by itself with \(exit)") }
      process.kill(SIGTERM)
      _ = await process.exit()
    }
  }

  /// What they wrote, by name.
  nonisolated var logs: [(name: String, text: String)] {
    Self.names.map { ($0, directory.read("\($0).log") ?? "") }
  }

  private func leader() async throws -> String? {
    do throws(KubernetesError) {
      let holder = try await server.client.get(Lease.self, Self.lease, in: namespace).holderIdentity
      return Self.names.first { holder.hasPrefix("\($0)_") }
    } catch {
      guard error.code == .notFound else { throw error }
      return nil
    }
  }

  /// Does what a leader does that ends in good order.
  private func freeLease(heldBy name: String) async throws {
    do throws(KubernetesError) {
      var lease = try await server.client.get(Lease.self, Self.lease, in: namespace)
      guard lease.holderIdentity.hasPrefix("\(name)_") else { return }
      lease.holderIdentity = ""
      _ = try await server.client.replace(lease)
    } catch {
      // Somebody else has it already.
      guard error.code == .conflict else { throw error }
    }
  }
}
