/// What is going to happen in a simulation, the earliest first; of the same moment, in the order in which it was
/// added.
struct EventQueue {
  enum Kind: UInt8 {
    case podsMayBeCreated
    case podIsReady
    case processEnds
    case graceEnds
    case leaseEnds
    case processIsBack
    case queueAnswers
    case replicasChange
    case scaleInSettles
    case scaleInArrives
    case autoscalerStops
    case autoscalerStarts
  }

  struct Event: Comparable {
    let at: SimulatedTime
    let order: UInt64
    let kind: Kind
    /// What it happens to: a pod, a loop, or a number of replicas.
    let subject: Int32
    /// Tells what it was meant for from a later subject in the same place.
    let generation: UInt32

    static func < (left: Event, right: Event) -> Bool {
      left.at < right.at || (left.at == right.at && left.order < right.order)
    }
  }

  private var heap = BinaryHeap<Event>()
  private var count: UInt64 = 0

  /// When the next one happens.
  var nextAt: SimulatedTime { heap.first?.at ?? .max }

  mutating func add(_ kind: Kind, at time: SimulatedTime, subject: Int = 0, generation: UInt32 = 0) {
    count += 1
    heap.insert(
      Event(at: time, order: count, kind: kind, subject: Int32(subject), generation: generation))
  }

  mutating func removeFirst() -> Event? { heap.removeFirst() }
}
