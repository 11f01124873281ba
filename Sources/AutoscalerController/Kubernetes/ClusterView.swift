internal import KubernetesClient
internal import Locking
internal import Timekeeping

/// What is known about the objects that are scaled, and about who else scales them.
///
/// Everything comes from watches, so that looking costs the API server nothing: one for each object, or, where
/// a namespace has many of a kind, one for all of them; and two for each namespace, of the HPAs and of KEDA's
/// ScaledObjects in it.
actor ClusterView {
  /// So many objects of one kind and namespace are watched one by one, which asks for no permission but on
  /// them; with more, the namespace is watched.
  static let watchedByName = 8

  /// A watch of objects that are scaled.
  private struct ObjectWatch: Hashable {
    let kind: ObjectKind
    let namespace: String
    /// The object; nil for all of the kind.
    let name: String?
  }

  private let client: KubernetesClient
  private let time: Timekeeper
  private var objectWatches: [ObjectWatch: Watch<ScaledObject>] = [:]
  private var hpaWatches: [String: Watch<HorizontalPodAutoscaler>] = [:]
  private var kedaWatches: [String: Watch<KEDAScaledObject>] = [:]
  private nonisolated let starts: AsyncStream<@Sendable () async -> Void>
  private nonisolated let intake: AsyncStream<@Sendable () async -> Void>.Continuation

  /// How long the first list of a watch is waited for.
  private static let patience: Duration = .seconds(5)
  /// How long it is relied on who else scales, when nothing is heard about that any more. A watch that works is silent
  /// for half of it at most; the other half is for whatever will pass.
  static let longestSilence = WatchOptions().idleTimeout * 2

  init(client: KubernetesClient, time: Timekeeper) {
    self.client = client
    self.time = time
    // As many as there are watches.
    (starts, intake) = AsyncStream.makeStream()
  }

  /// Watches until cancelled.
  func run() async {
    await withDiscardingTaskGroup { group in
      for await start in starts { group.addTask { await start() } }
      // What was started is cancelled with the task.
    }
  }

  // MARK: Following

  /// Follows these objects from now on, and no others.
  func follow(_ objects: Set<ClusterObject>) {
    let wanted = Self.watches(for: objects)
    replace(&objectWatches, Set(wanted)) { watch in
      Watch(watch.kind, Self.selection(watch), client, time)
    }
    let namespaces = Set(objects.map(\.namespace))
    replace(&hpaWatches, namespaces) { namespace in
      Watch(HorizontalPodAutoscaler.resource, Selection(namespace: namespace), client, time)
    }
    replace(&kedaWatches, namespaces) { namespace in
      Watch(KEDAScaledObject.resource.objectKind, Selection(namespace: namespace), client, time)
    }
  }

  private func replace<Key, Object>(
    _ watches: inout [Key: Watch<Object>], _ keys: Set<Key>, _ make: (Key) -> Watch<Object>
  ) {
    for (key, watch) in watches where !keys.contains(key) {
      watch.end()
      watches[key] = nil
    }
    for key in keys where watches[key] == nil {
      let watch = make(key)
      watches[key] = watch
      intake.yield { await watch.run() }
    }
  }

  /// Watches pods. Who asked for it ends it.
  func watchPods(_ selection: Selection) -> Watch<Pod> {
    let watch = Watch<Pod>(Pod.resource, selection, client, time)
    intake.yield { await watch.run() }
    return watch
  }

  private static func watches(for objects: Set<ClusterObject>) -> [ObjectWatch] {
    grouped(objects).flatMap { group in
      group.isWatchedByName
        ? group.names.map { ObjectWatch(kind: group.kind, namespace: group.namespace, name: $0) }
        : [ObjectWatch(kind: group.kind, namespace: group.namespace, name: nil)]
    }
  }

  /// Objects of one kind and namespace.
  struct Group {
    let kind: ObjectKind
    let namespace: String
    /// In their order.
    let names: [String]

    /// Whether each is watched by itself, so that permission on it is all that is needed.
    var isWatchedByName: Bool { names.count <= ClusterView.watchedByName }
  }

  /// The objects by kind and namespace: what is watched, and what permissions speak of.
  static func grouped(_ objects: Set<ClusterObject>) -> [Group] {
    Dictionary(grouping: objects) { ObjectWatch(kind: $0.kind, namespace: $0.namespace, name: nil) }
      .map { Group(kind: $0.key.kind, namespace: $0.key.namespace, names: $0.value.map(\.name).sorted()) }
      .sorted {
        ($0.namespace, $0.kind.kind, $0.kind.apiVersion) < ($1.namespace, $1.kind.kind, $1.kind.apiVersion)
      }
  }

  private static func selection(_ watch: ObjectWatch) -> Selection {
    watch.name.map { .object($0, in: watch.namespace) } ?? Selection(namespace: watch.namespace)
  }

  // MARK: Looking

  /// What is known about an object.
  struct Sight: Sendable {
    /// The object as it was last seen.
    let object: ScaledObject
    /// How the API serves it.
    let resource: APIResource
    /// Whether the watch works, so that nothing newer is known to the API server but for a moment.
    let isCurrent: Bool
    /// How long ago the watch was last heard.
    let silence: Duration
  }

  /// Looks at an object.
  /// - Throws: `notFound` only when the API server said so.
  func look(at object: ClusterObject) async throws(TargetError) -> Sight {
    guard let watch = watch(of: object) else {
      throw TargetError(.unavailable, "\(object) is not watched yet")
    }
    let snapshot = try await watch.listed(within: Self.patience)
    guard let resource = watch.resource, let found = snapshot[object.name],
      found.metadata.deletionTimestamp == nil
    else { throw TargetError(.notFound, "there is no \(object)") }
    return Sight(
      object: found, resource: resource, isCurrent: snapshot.problem == nil, silence: await watch.silence)
  }

  /// What Events about an object refer to, with its id if it was seen. Waits for nothing.
  func eventReference(to object: ClusterObject) async -> ObjectReference {
    object.eventReference(uid: await watch(of: object)?.present?[object.name]?.metadata.uid)
  }

  private func watch(of object: ClusterObject) -> Watch<ScaledObject>? {
    let byName = ObjectWatch(kind: object.kind, namespace: object.namespace, name: object.name)
    let ofAll = ObjectWatch(kind: object.kind, namespace: object.namespace, name: nil)
    return objectWatches[byName] ?? objectWatches[ofAll]
  }

  /// Who else scales an object, for people; nil when nobody does.
  /// - Throws: When that cannot be known, because two who scale one object undo each other's changes.
  func otherAutoscaler(of object: ClusterObject) async throws(TargetError) -> String? {
    guard let hpas = hpaWatches[object.namespace], let keda = kedaWatches[object.namespace] else {
      throw TargetError(.unavailable, "\(object) is not watched yet")
    }
    let scaledObjects = try await keda.reliable(within: Self.patience, longestSilence: Self.longestSilence)
    if let found = scaledObjects.values.first(where: { $0.target.means(object.reference) }) {
      return "KEDA's ScaledObject \(object.namespace)/\(found.metadata.name)"
    }
    let autoscalers = try await hpas.reliable(within: Self.patience, longestSilence: Self.longestSilence)
    guard let found = autoscalers.values.first(where: { $0.target.means(object.reference) }) else {
      return nil
    }
    return "HorizontalPodAutoscaler \(object.namespace)/\(found.metadata.name)"
  }
}

extension APIResource {
  /// The kind, as documents name it.
  var objectKind: ObjectKind { ObjectKind(apiVersion: apiVersion, kind: kind) }
}
