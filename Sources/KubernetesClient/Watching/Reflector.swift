internal import Timekeeping

/// Keeps one object, or a small list of them, in step with the API server.
///
/// ```swift
/// let reflector = Reflector(ConfigMap.self, .object("autoscaler", in: "jobs"), client: client)
/// group.addTask { await reflector.run() }
/// for await snapshot in await reflector.snapshots() { … }
/// ```
public actor Reflector<Object: KubernetesObject> {
  /// What is known, and how far it can be relied on.
  public struct Snapshot: Sendable {
    /// The objects by name, or by `namespace/name` where several namespaces are followed; nil before the first
    /// list. What is not known is not the same as nothing.
    public var objects: [String: Object]?
    /// Why the server cannot be listened to at present; nil when it can.
    public var problem: KubernetesError?
    /// When the server was last heard, by the client's clock; nil before the first list.
    fileprivate var lastHeard: Duration?
    /// Counts the changes of the objects.
    public var generation = 0

    /// Describes what is known.
    public init(objects: [String: Object]? = nil, problem: KubernetesError? = nil) {
      self.objects = objects
      self.problem = problem
    }

    /// The object of this name.
    public subscript(name: String) -> Object? { objects?[name] }
  }

  private let changes: ObjectChanges<Object>
  private var snapshot = Snapshot()
  private var listeners: [Int: AsyncStream<Snapshot>.Continuation] = [:]
  private var nextListener = 0

  /// Follows the objects of a resource. Nothing happens until ``run()``.
  public init(
    _ type: Object.Type = Object.self, of resource: APIResource, _ selection: Selection,
    client: KubernetesClient, options: WatchOptions = WatchOptions()
  ) {
    changes = ObjectChanges(type, of: resource, selection, client: client, options: options)
  }

  /// What is known now.
  public var current: Snapshot { snapshot }

  /// How long ago the server was last heard; nil before the first list. On a connection that works, this stays
  /// below the time between bookmarks, about a minute.
  public var silence: Duration? { snapshot.lastHeard.map { changes.client.time.now() - $0 } }

  /// What is known, now and after each change of the objects or of the problem. Who is slow misses what lies in
  /// between, never the latest. Ends with ``run()``.
  public func snapshots() -> AsyncStream<Snapshot> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Snapshot.self, bufferingPolicy: .bufferingNewest(1))
    let number = nextListener
    nextListener += 1
    listeners[number] = continuation
    continuation.onTermination = { [weak self] _ in
      // Nobody waits for it: the listener is gone.
      Task { await self?.remove(number) }
    }
    continuation.yield(snapshot)
    return stream
  }

  private func remove(_ number: Int) { listeners[number] = nil }

  /// Follows the objects until the task is cancelled.
  public func run() async {
    for await change in changes { apply(change) }
    for listener in listeners.values { listener.finish() }
    listeners = [:]
  }

  private func apply(_ change: ObjectChange<Object>) {
    let hadProblem = snapshot.problem != nil
    var isNews = true
    if case .interrupted(let error, _) = change {
      snapshot.problem = error
    } else {
      snapshot.problem = nil
      snapshot.lastHeard = changes.client.time.now()
    }
    switch change {
    case .listed(let objects):
      snapshot.objects = Dictionary(objects.map { (key(of: $0), $0) }, uniquingKeysWith: { _, last in last })
      snapshot.generation += 1
    case .changed(let object):
      snapshot.objects?[key(of: object)] = object
      snapshot.generation += 1
    case .deleted(let object):
      snapshot.objects?[key(of: object)] = nil
      snapshot.generation += 1
    case .unchanged: isNews = hadProblem
    case .interrupted: break
    }
    guard isNews else { return }
    for listener in listeners.values { listener.yield(snapshot) }
  }

  private func key(of object: Object) -> String {
    let metadata = object.metadata
    guard changes.selection.namespace == nil, let namespace = metadata.namespace else { return metadata.name }
    return "\(namespace)/\(metadata.name)"
  }
}

extension Reflector where Object: ResourceObject {
  /// Follows the objects of a known kind.
  public init(
    _ type: Object.Type = Object.self, _ selection: Selection, client: KubernetesClient,
    options: WatchOptions = WatchOptions()
  ) {
    self.init(type, of: Object.resource, selection, client: client, options: options)
  }
}
