internal import Colonies
internal import HTTPTransport
internal import KubernetesClient
package import KubernetesTestSupport
internal import Locking
internal import TestSupport

/// One round of a soak, in a namespace and with queues of its own: load and races until enough workers were taken away,
/// then rest, then the check.
package struct SoakRound: Sendable {
  private let plan: SoakPlan
  private let server: APIServer

  /// - Parameter server: One without a controller of ReplicaSets.
  package init(_ plan: SoakPlan, on server: APIServer) {
    self.plan = plan
    self.server = server
  }

  private struct Scene: Sendable {
    let namespace: String
    let targets: [SoakTarget]
    let proxy: FaultProxy
    let kubelet: FakeKubelet
    let replicaSets: FakeReplicaSets
    let controllers: SoakControllers
  }

  /// Runs it.
  /// - Parameter progress: Is told in words how far it is.
  /// - Throws: When the soak itself does not work. What it finds is in the outcome.
  package func run(_ progress: @escaping @Sendable (String) -> Void = { _ in }) async throws -> SoakOutcome {
    let directory = TemporaryDirectory()
    let queue = try await SoakQueue.started(plan.programs.colonies, in: directory)
    let namespace = try await server.makeNamespace("soak")
    var targets: [SoakTarget] = []
    for (index, combination) in SoakCombination.deal(plan.targets, seed: plan.seed).enumerated() {
      let colony = try await queue.makeColony("colony-\(index)", combination.api)
      targets.append(SoakTarget("target-\(index)", colony: colony, combination, minimum: index % 2, plan))
    }
    var kubelet = KubeletPlan(images: [SoakTarget.image: plan.programs.worker])
    // Also longer than a scale-in takes, so that workers go that have not started.
    kubelet.startUp = .milliseconds(20) ... .milliseconds(8000)
    kubelet.crashes = KubeletPlan.Crashes(
      share: plan.crashes, after: .milliseconds(100) ... .milliseconds(8000))
    kubelet.seed = plan.seed
    return try await FaultProxy.run(before: server) { [targets, kubelet] proxy in
      try await FakeKubelet.run(kubelet, in: [namespace], of: server) { kubelet in
        try await FakeReplicaSets.run(
          in: namespace, of: server, lateness: plan.lateness, seed: plan.seed
        ) { replicaSets in
          for target in targets { try await target.make(in: namespace, queue, server.client) }
          let controllers = try SoakControllers(
            plan.programs.autoscaler, configuration: configuration(queue, targets, namespace, directory),
            kubeconfig: kubeconfig(proxy, namespace, directory), namespace: namespace, server: server,
            in: directory)
          let scene = Scene(
            namespace: namespace, targets: targets, proxy: proxy, kubelet: kubelet,
            replicaSets: replicaSets, controllers: controllers)
          let races = try await disturb(scene, progress)
          proxy.clear()
          progress("coming to rest")
          var problems = await rest(scene)
          progress("at rest")
          await controllers.endAll()
          problems += await controllers.problems
          problems += await kubelet.failures.map { "kubelet: \($0)" }
          let evidence = try await evidence(scene)
          var outcome = SoakChecker(evidence).check()
          outcome.scaleIns = targets.reduce(0) { $0 + $1.scaleIns.count }
          outcome.controllerKills = await controllers.kills
          outcome.controllerStops = await controllers.stops
          outcome.races = races
          outcome.problems += problems
          if let path = plan.evidence, !outcome.problems.isEmpty {
            try evidence.write(to: "\(path)/\(namespace)", outcome, controllers.logs)
          }
          return outcome
        }
      }
    }
  }

  // MARK: Files

  private func configuration(
    _ queue: SoakQueue, _ targets: [SoakTarget], _ namespace: String, _ directory: TemporaryDirectory
  ) -> String {
    let servers = API.allCases.map { "  \($0): {host: 127.0.0.1, port: \(queue.port), api: \($0)}" }
    let scalers = targets.map { $0.scaler(namespace: namespace, in: directory) }
    return directory.write(
      """
      servers:
      \(servers.joined(separator: "\n"))
      scalers:
      \(scalers.joined(separator: "\n"))

      """, to: "autoscaler.yaml")
  }

  /// The way through the proxy.
  private func kubeconfig(
    _ proxy: FaultProxy, _ namespace: String, _ directory: TemporaryDirectory
  ) throws -> String {
    let cluster = proxy.cluster(server.admin)
    guard case .authorities(.file(let authority)) = cluster.tls.trust, let token = server.admin.token else {
      throw Failure("the proxy has no authority, or the administrator no token")
    }
    return directory.write(
      """
      apiVersion: v1
      kind: Config
      current-context: soak
      contexts: [{name: soak, context: {cluster: soak, user: admin, namespace: \(namespace)}}]
      clusters: [{name: soak, cluster: {server: "\(cluster.server)", certificate-authority: \(authority)}}]
      users: [{name: admin, user: {token: \(token)}}]
      """, to: "kubeconfig")
  }

  // MARK: Load and races

  private func disturb(
    _ scene: Scene, _ progress: @escaping @Sendable (String) -> Void
  ) async throws -> [String: Int] {
    let counts = Locked<[String: Int]>([:])
    let end = ContinuousClock.now + plan.limit
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, target) in scene.targets.enumerated() {
        let seed = plan.seed &+ UInt64(index) &* 7919
        group.addTask { try await unlessCancelled { try await target.load(seed: seed) } }
      }
      group.addTask { await count(scene) }
      let races = SoakRaces(
        targets: scene.targets, proxy: scene.proxy, kubelet: scene.kubelet,
        replicaSets: scene.replicaSets, controllers: scene.controllers)
      group.addTask {
        try await unlessCancelled {
          try await races.run(seed: plan.seed ^ 0x5eed, pause: plan.racePause) { race in
            counts.withLock { $0["\(race.step)/\(race.blow)", default: 0] += 1 }
          }
        }
      }
      group.addTask {
        var done = 0
        var told = 0
        while done < plan.actions, ContinuousClock.now < end {
          try await ContinuousClock().sleep(for: .milliseconds(500))
          done = await scene.replicaSets.victims.count
          if done >= told + 25 {
            told = done
            progress("\(done) of \(plan.actions) workers taken away")
          }
        }
        throw Enough()
      }
      do {
        // Each as it ends: the first failure ends all.
        while try await group.next() != nil {}
      } catch is Enough {
        group.cancelAll()
        // What is under way ends; a failure in it is one of being cancelled.
        try await group.waitForAll()
      }
    }
    return counts.withLock { $0 }
  }

  private struct Enough: Error {}

  private func unlessCancelled(_ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch {
      if !Task.isCancelled { throw error }
    }
  }

  /// Counts the changes to fewer replicas.
  private func count(_ scene: Scene) async {
    var replicas: [String: Int] = [:]
    let changes = ObjectChanges(
      Deployment.self, Selection(namespace: scene.namespace), client: server.client)
    for await change in changes {
      let seen: [Deployment] =
        switch change {
        case .listed(let all): all
        case .changed(let deployment): [deployment]
        case .deleted, .unchanged, .interrupted: []
        }
      for deployment in seen {
        let name = deployment.metadata.name
        if deployment.replicas < replicas[name] ?? 0 {
          scene.targets.first { $0.name == name }?.noteScaleIn(at: .now())
        }
        replicas[name] = deployment.replicas
      }
    }
  }

  // MARK: Rest

  /// Waits until nothing is left to do, and finds what does not come to rest.
  private func rest(_ scene: Scene) async -> [String] {
    await withTaskGroup(of: [String].self) { group in
      for target in scene.targets { group.addTask { await rest(target, scene) } }
      return await group.reduce(into: []) { $0 += $1 }
    }
  }

  /// How long a target may take to come to rest: another leader, the end of an order's lease, an attempt after one that
  /// failed, and a slow machine.
  private static let restLimit: Duration = .seconds(300)

  private func rest(_ target: SoakTarget, _ scene: Scene) async -> [String] {
    do {
      _ = try await within(Self.restLimit, "all of \(target.name)'s processes end") {
        try await target.colony.open() == 0 ? true : nil
      }
      let survivors = try await within(Self.restLimit, "\(target.name) has \(target.minimum) pods") {
        let scale = try await server.client.get(Deployment.self, target.name, in: scene.namespace)
        let pods = try await pods(of: target, scene)
        return scale.replicas == target.minimum && pods.count == target.minimum ? pods : nil
      }
      for pod in survivors { try await checkWorks(pod.name, target) }
      _ = try await within(.seconds(90), "nothing is noted on \(target.name)'s pods") {
        let pods = try await server.client.list(
          Pod.self, Selection(namespace: scene.namespace, labels: "app=\(target.name)")
        ).items.filter { !$0.isTerminating }
        return pods.allSatisfy(\.metadata.annotations.isEmpty) ? true : nil
      }
      _ = try await within(.seconds(90), "\(target.name) has no orders to drain") {
        try await target.colony.open() == 0 ? true : nil
      }
      return []
    } catch {
      return ["\(error)"] + (await openProcesses(target))
    }
  }

  private func pods(of target: SoakTarget, _ scene: Scene) async throws -> [ObservedPod] {
    try await server.client.list(
      ObservedPod.self, .pods, Selection(namespace: scene.namespace, labels: "app=\(target.name)")
    ).items
  }

  /// Gives a worker work that nobody else may take: one that was left out of service does not do it.
  private func checkWorks(_ pod: String, _ target: SoakTarget) async throws {
    let worker = try await within(.seconds(90), "the survivor \(pod) has an approved worker") {
      // Those that crashed may be registered still.
      let newest = try await target.colony.workers().filter {
        $0.name == pod || $0.name.hasPrefix("\(pod)_")
      }.max { $0.registeredAt < $1.registeredAt }
      return newest?.state == .approved ? newest : nil
    }
    let id = try await target.colony.submit(.milliseconds(50), for: worker)
    _ = try await within(.seconds(60), "the survivor \(pod) takes work") {
      try await target.colony.isDone(id) ? true : nil
    }
  }

  private func openProcesses(_ target: SoakTarget) async -> [String] {
    // Beside another failure, which is told in any case.
    guard let history = try? await target.colony.history() else { return [] }
    return history.filter { !$0.state.isTerminal }.map {
      "\(target.name): \(DrainOrder.isDrain($0) ? "an order" : "the process") \($0.id) is \($0.state), "
        + "by \($0.assignedExecutorID), "
        + "for \($0.spec.conditions.executorIDs + ($0.spec.conditions.executorNames ?? []))"
    }
  }

  private func evidence(_ scene: Scene) async throws -> SoakEvidence {
    var evidence = SoakEvidence()
    for target in scene.targets {
      evidence.submitted.append(target.colony.submitted)
      evidence.processes += try await target.colony.history()
      evidence.scaleIns[target.name] = target.scaleIns
      evidence.combinations[target.name] = target.combination
    }
    evidence.pods = await scene.kubelet.records
    evidence.victims = await scene.replicaSets.victims
    return evidence
  }
}

extension Executor {
  fileprivate var registeredAt: Int64 { commissionTime?.nanoseconds ?? 0 }
}
