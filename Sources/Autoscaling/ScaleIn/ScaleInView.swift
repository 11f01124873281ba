/// A complete observation, sorted out.
struct ScaleInView {
  let observation: ScaleInObservation
  let target: ScaleInObservation.Target
  /// The pods that count as replicas.
  let pods: [ScaleInPod]
  /// The names of all pods, those that are ending included.
  let podNames: Set<String>
  /// By name; of several with one name, one that holds work, or else one of which that is not known.
  let workers: [String: ScaleInWorker]
  /// By the name of the worker they are addressed to.
  let orders: [String: [ScaleInOrder]]

  /// Throws the part that is missing.
  init(_ observation: ScaleInObservation) throws(Missing) {
    guard let target = observation.target else { throw Missing(part: .target) }
    guard let pods = observation.pods else { throw Missing(part: .pods) }
    guard let workers = observation.workers else { throw Missing(part: .workers) }
    guard let orders = observation.orders else { throw Missing(part: .orders) }
    self.observation = observation
    self.target = target
    self.pods = pods.filter { !$0.isTerminating }
    podNames = Set(pods.map(\.name))
    self.workers = Dictionary(
      workers.map { ($0.name, $0) },
      uniquingKeysWith: { $1.isBusy == true || $0.isBusy == false ? $1 : $0 })
    self.orders = Dictionary(grouping: orders, by: \.worker)
  }

  /// Why an observation is not complete.
  struct Missing: Error {
    let part: ScaleInObstacle.Part
  }

  /// How many pods are to be deleted as the replicas are now.
  var surplus: Int { max(pods.count - target.replicas, 0) }

  /// Whether there are as many pods as replicas.
  var balance: ScaleInMemory.Balance {
    pods.count == target.replicas ? .even : pods.count < target.replicas ? .tooFew : .tooMany
  }

  /// How many ReplicaSets have pods.
  var replicaSets: Int { Set(pods.map(\.owner)).count }

  /// Whether no worker holds work, wherever it runs, as far as all of that is known.
  var isEverythingIdle: Bool { observation.workers?.allSatisfy { $0.isBusy == false } ?? false }
}
