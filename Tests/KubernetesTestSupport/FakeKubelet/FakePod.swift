internal import Glibc
internal import HTTPTransport
internal import JSON
internal import KubernetesClient
internal import Locking
internal import TestSupport

/// The life of one pod on a fake kubelet: it is bound, its container runs, is started again when it ends, and in the
/// end has its hook, SIGTERM and SIGKILL.
struct FakePod: Sendable {
  /// What happens to a pod.
  enum Occurrence: Sendable {
    case startIsDue
    case crashIsDue
    case ended(ChildProcess.Exit)
    /// It is asked to go, in so many seconds.
    case toGo(Int)
    /// Its object is gone.
    case gone
  }

  let pod: ObservedPod
  let node: String
  let images: [String: String]
  let startUp: Duration
  let restartPause: Duration
  /// How long after its first start the container is killed; nil when it is not.
  let crash: Duration?
  let client: KubernetesClient
  let mail: AsyncStream<Occurrence>.Continuation
  let record: Locked<PodRecord>

  /// Lives until the pod is gone, or the task is cancelled. Nothing of it is left then.
  func live(_ occurrences: AsyncStream<Occurrence>) async throws {
    let directory = record.withLock { $0.directory }
    let container = try PodContainer(of: pod, images: images, directory: directory.path)
    if pod.pod.nodeName == nil { try await unlessGone { () throws(KubernetesError) in try await bind() } }
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      post(.startIsDue, after: startUp, in: &group)
      var child: ChildProcess?
      var isCrashed = false
      // Where this ends by an error; elsewhere it is nil, or has ended.
      defer { child?.kill(SIGKILL) }
      for await occurrence in occurrences {
        switch occurrence {
        case .startIsDue:
          let new = try start(container)
          child = new
          isCrashed = false
          group.addTask { mail.yield(.ended(await new.exit())) }
          if let crash, record.withLock({ $0.runs.count == 1 }) {
            post(.crashIsDue, after: crash, in: &group)
          }
          try await tell(container, isReady: true)
        case .crashIsDue:
          isCrashed = true
          child?.kill(SIGKILL)
        case .ended(let exit):
          child = nil
          finish(exit, isCrashed ? .crash : .itself)
          try await tell(container, isReady: false)
          post(.startIsDue, after: restartPause, in: &group)
        case .toGo(let seconds):
          record.withLock { $0.deletion = .now() }
          if let running = child {
            child = nil
            try await end(running, container, within: .seconds(seconds), isCrashed: isCrashed)
          }
          try await remove()
          return
        case .gone:
          await kill(child, isCrashed: isCrashed)
          return
        }
      }
      // The kubelet ends.
      await kill(child, isCrashed: isCrashed)
    }
  }

  private func post(
    _ occurrence: Occurrence, after time: Duration, in group: inout ThrowingTaskGroup<Void, any Error>
  ) {
    group.addTask {
      // Cancelled: nobody reads any more.
      guard (try? await ContinuousClock().sleep(for: time)) != nil else { return }
      mail.yield(occurrence)
    }
  }

  // MARK: The container

  private func start(_ container: PodContainer) throws -> ChildProcess {
    let child = try ChildProcess(
      container.command, environment: container.environment,
      logFile: record.withLock { $0.directory }.file("log"))
    record.withLock { $0.runs.append(PodRecord.Run(start: .now())) }
    return child
  }

  private func finish(_ exit: ChildProcess.Exit, _ cause: PodRecord.Cause) {
    record.withLock { record in
      record.runs[record.runs.count - 1].end = .now()
      record.runs[record.runs.count - 1].exit = exit
      record.runs[record.runs.count - 1].cause = cause
    }
  }

  private func kill(_ child: ChildProcess?, isCrashed: Bool) async {
    guard let child else { return }
    child.kill(SIGKILL)
    finish(await child.exit(), isCrashed ? .crash : .forced)
  }

  /// Ends the container in the order of a kubelet: hook, SIGTERM, SIGKILL when the time is over. A hook that takes all
  /// of the time leaves two seconds for the rest.
  private func end(
    _ child: ChildProcess, _ container: PodContainer, within grace: Duration, isCrashed: Bool
  ) async throws {
    let begin = ContinuousClock.now
    var deadline = begin + grace
    if let command = container.preStop, child.exitIfEnded == nil {
      let log = record.withLock { $0.directory }.file("preStop")
      let hook = try ChildProcess(command, environment: container.environment, logFile: log)
      let exit = await Self.exit(of: hook, killedAt: deadline).exit
      let took = ContinuousClock.now - begin
      record.withLock { $0.preStop = PodRecord.Hook(exit: exit, took: took, output: hook.log) }
      deadline = max(deadline, .now + .seconds(2))
    }
    child.kill(SIGTERM)
    let (exit, isLate) = await Self.exit(of: child, killedAt: deadline)
    finish(exit, isCrashed ? .crash : isLate ? .graceOver : Task.isCancelled ? .forced : .asked)
  }

  /// Waits for a program's end, and kills it at a moment, or when the task is cancelled.
  private static func exit(
    of child: ChildProcess, killedAt deadline: ContinuousClock.Instant
  ) async -> (exit: ChildProcess.Exit, isLate: Bool) {
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        let isLate = (try? await ContinuousClock().sleep(until: deadline)) != nil
        // Does nothing where it has ended, which is the other reason to be cancelled.
        child.kill(SIGKILL)
        return isLate
      }
      let exit = await child.exit()
      group.cancelAll()
      let isLate = await group.next() ?? false
      return (exit, isLate && exit == .signal(SIGKILL))
    }
  }

  // MARK: The object

  private func bind() async throws(KubernetesError) {
    let path = try APIResource.pods.path(
      namespace: pod.metadata.namespace, name: pod.name, subresource: "binding")
    let binding: JSONValue = [
      "apiVersion": "v1", "kind": "Binding", "metadata": ["name": .string(pod.name)],
      "target": ["apiVersion": "v1", "kind": "Node", "name": .string(node)],
    ]
    _ = try await client.send(APIRequest(.post, path, to: "bind \(pod.name)", body: binding))
  }

  private func tell(_ container: PodContainer, isReady: Bool) async throws {
    let record = record.withLock { $0 }
    guard let run = record.runs.last, let first = record.runs.first else { return }
    let now = KubernetesTime.now().seconds
    let state: JSONValue =
      isReady
      ? ["running": ["startedAt": .string(run.start.seconds)], "waiting": nil]
      : ["waiting": ["reason": "CrashLoopBackOff"], "running": nil]
    func condition(_ type: String, _ isTrue: Bool) -> JSONValue {
      ["type": .string(type), "status": isTrue ? "True" : "False", "lastTransitionTime": .string(now)]
    }
    let status: JSONValue = [
      "phase": "Running", "startTime": .string(first.start.seconds),
      "conditions": [
        condition("PodScheduled", true), condition("Initialized", true),
        condition("ContainersReady", isReady), condition("Ready", isReady),
      ],
      "containerStatuses": [
        [
          "name": .string(container.name), "image": .string(container.image), "imageID": "",
          "ready": .bool(isReady), "started": .bool(isReady),
          "restartCount": .integer(record.runs.count - (isReady ? 1 : 0)), "state": state,
        ]
      ],
    ]
    try await unlessGone { () throws(KubernetesError) in
      _ = try await client.patch(
        .pods, pod.name, ["metadata": ["uid": .string(pod.uid)], "status": status],
        in: pod.metadata.namespace, subresource: "status")
    }
  }

  /// Removes the object, which only waits for that.
  private func remove() async throws {
    let path = try APIResource.pods.path(namespace: pod.metadata.namespace, name: pod.name)
    let options: JSONValue = [
      "apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 0,
      "preconditions": ["uid": .string(pod.uid)],
    ]
    try await unlessGone { () throws(KubernetesError) in
      _ = try await client.send(APIRequest(.delete, path, to: "remove \(pod.name)", body: options))
    }
    record.withLock { $0.removal = .now() }
  }

  private func unlessGone(_ body: () async throws(KubernetesError) -> Void) async throws(KubernetesError) {
    do throws(KubernetesError) {
      try await body()
    } catch {
      // A conflict is a pod of the same name that is another one.
      guard error.code == .notFound || error.code == .conflict else { throw error }
    }
  }
}
