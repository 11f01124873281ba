internal import KubernetesClient

/// Follows a ConfigMap, and hands over what it says when that changes.
struct ConfigMapWatch: Sendable {
  let reference: ConfigMapReference
  let client: KubernetesClient

  /// Reads the ConfigMap once.
  func load() async throws(ConfigurationError) -> AutoscalerConfiguration {
    let map: ConfigMap
    do {
      map = try await client.get(ConfigMap.self, reference.name, in: reference.namespace)
    } catch {
      throw .unreadable(file: "\(reference)", reason: "\(error)")
    }
    return try read(Finding(map))
  }

  /// Watches until cancelled. What cannot be used is handed over once for each state it is in, and so is a
  /// ConfigMap that is not there; a cluster that cannot be asked says nothing about the ConfigMap, unless it
  /// could not be asked from the beginning.
  /// - Parameter take: Takes what the ConfigMap says, and the ConfigMap's id; nil when there is none.
  func run(
    _ take: @Sendable (Result<AutoscalerConfiguration, ConfigurationError>, _ uid: String?) async -> Void
  ) async {
    let reflector = Reflector(
      ConfigMap.self, .object(reference.name, in: reference.namespace), client: client)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await reflector.run() }
      var told: Finding?
      for await snapshot in await reflector.snapshots() {
        guard let finding = finding(in: snapshot), finding != told else { continue }
        told = finding
        let result = Result { () throws(ConfigurationError) in try read(finding) }
        await take(result, snapshot[reference.name]?.metadata.uid)
      }
      group.cancelAll()
    }
  }

  /// What is known about the ConfigMap.
  private enum Finding: Equatable {
    case text(String)
    case noText
    case missing
    case unknown(KubernetesError.Code, String)

    /// A cluster that cannot be asked may say so in many words; its kind of failure is what counts.
    static func == (left: Finding, right: Finding) -> Bool {
      switch (left, right) {
      case (.text(let left), .text(let right)): left == right
      case (.noText, .noText), (.missing, .missing): true
      case (.unknown(let left, _), .unknown(let right, _)): left == right
      default: false
      }
    }

    init(_ map: ConfigMap) { self = map.data[ConfigMapManifest.key].map { .text($0) } ?? .noText }
  }

  private func finding(in snapshot: Reflector<ConfigMap>.Snapshot) -> Finding? {
    if let map = snapshot[reference.name] { return Finding(map) }
    if snapshot.objects != nil { return .missing }
    return snapshot.problem.map { .unknown($0.code, "\($0)") }
  }

  private func read(_ finding: Finding) throws(ConfigurationError) -> AutoscalerConfiguration {
    let file = "\(reference)"
    switch finding {
    case .text(let text):
      do {
        return try AutoscalerConfiguration(
          reading: Array(text.utf8), file: "\(reference)[\(ConfigMapManifest.key)]",
          defaultNamespace: client.cluster.namespace)
      } catch {
        throw .invalid(error)
      }
    case .noText: throw .unreadable(file: file, reason: "it has no key \(ConfigMapManifest.key)")
    case .missing: throw .unreadable(file: file, reason: "there is no such ConfigMap")
    case .unknown(_, let message): throw .unreadable(file: file, reason: message)
    }
  }
}
