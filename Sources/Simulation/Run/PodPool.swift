/// The pods of a simulated pool.
///
/// Pods have places that are used again: whoever remembers one remembers its generation with it.
struct PodPool {
  struct Pod {
    enum Phase: UInt8 {
      /// No pod is in this place.
      case none
      /// Created, and its worker does not ask for work yet.
      case starting
      /// Its worker asks for work, unless it was taken off the queue.
      case idle
      /// Its worker has a process.
      case busy
      /// It is being removed, and its worker still has a process.
      case leaving
    }

    var phase = Phase.none
    /// Taken off the queue, to be removed: gets no work.
    var isCordoned = false
    var generation: UInt32 = 0
    /// Random; what Kubernetes breaks ties by.
    var uid: UInt64 = 0
    var createdAt: SimulatedTime = 0
    var readyAt: SimulatedTime = 0
    /// What its worker has, while it has something.
    var process: QueuedProcess?
    /// When its worker's lease of the process ends; the last moment there is when it never does.
    var leaseEndsAt: SimulatedTime = .max
    /// Whether the process came back to the queue while the worker still had it.
    var hasLostProcess = false
    fileprivate var nextIdle: Int32 = -1
    fileprivate var previousIdle: Int32 = -1
  }

  private(set) var pods: [Pod] = []
  private var free: [Int] = []
  // Workers that ask for work, in the order in which they began to: a list through the pods.
  private var firstIdle: Int32 = -1
  private var lastIdle: Int32 = -1

  /// Pods that are starting, idle or busy.
  private(set) var active = 0
  /// Those of them that have started.
  private(set) var ready = 0
  /// Workers that have a process, those on their way out included.
  private(set) var occupied = 0
  /// Pods that are on their way out.
  private(set) var leaving = 0

  subscript(place: Int) -> Pod { pods[place] }

  /// Whether a place still has the pod that it had.
  func holds(_ place: Int, generation: UInt32) -> Bool {
    pods[place].generation == generation && pods[place].phase != .none
  }

  /// The worker that has asked for work for the longest time.
  var nextWorker: Int? { firstIdle < 0 ? nil : Int(firstIdle) }

  /// Pods without work, as many as asked for if there are: first those that start, the newest first, then those
  /// that have asked for work the longest.
  func dispensable(_ count: Int) -> [Int] {
    guard count > 0 else { return [] }
    var places = pods.indices.filter { pods[$0].phase == .starting && !pods[$0].isCordoned }
      .sorted { (pods[$0].createdAt, pods[$0].uid) > (pods[$1].createdAt, pods[$1].uid) }
    var next = firstIdle
    while places.count < count, next >= 0 {
      places.append(Int(next))
      next = pods[Int(next)].nextIdle
    }
    return Array(places.prefix(count))
  }

  // MARK: A pod's life

  mutating func create(at now: SimulatedTime, uid: UInt64) -> Int {
    let place = free.popLast() ?? pods.count
    if place == pods.count { pods.append(Pod()) }
    let generation = pods[place].generation &+ 1
    pods[place] = Pod(phase: .starting, generation: generation, uid: uid, createdAt: now, readyAt: now)
    active += 1
    return place
  }

  mutating func becomeReady(_ place: Int, at now: SimulatedTime) {
    pods[place].readyAt = now
    ready += 1
    becomeIdle(place)
  }

  private mutating func becomeIdle(_ place: Int) {
    pods[place].phase = .idle
    if !pods[place].isCordoned { link(place) }
  }

  mutating func take(_ process: QueuedProcess, _ place: Int, leaseEndsAt: SimulatedTime) {
    unlink(place)
    pods[place].leaseEndsAt = leaseEndsAt
    pods[place].phase = .busy
    pods[place].process = process
    pods[place].hasLostProcess = false
    occupied += 1
  }

  /// The worker has done with its process: it asks for the next, or is gone if it was leaving.
  mutating func release(_ place: Int) {
    pods[place].process = nil
    occupied -= 1
    if pods[place].phase == .leaving {
      leaving -= 1
      vacate(place)
    } else {
      becomeIdle(place)
    }
  }

  /// Its process came back to the queue, and the worker does not know.
  mutating func loseProcess(_ place: Int) { pods[place].hasLostProcess = true }

  /// Begins to remove a pod. One without a process is gone at once; returns whether it still has one.
  mutating func remove(_ place: Int) -> Bool {
    active -= 1
    switch pods[place].phase {
    case .busy:
      ready -= 1
      leaving += 1
      pods[place].phase = .leaving
      return true
    case .idle:
      ready -= 1
      unlink(place)
      vacate(place)
    case .starting, .none, .leaving:
      vacate(place)
    }
    return false
  }

  /// Takes a pod's worker off the queue, or lets it come back.
  mutating func cordon(_ place: Int, _ isCordoned: Bool) {
    guard pods[place].isCordoned != isCordoned else { return }
    if pods[place].phase == .idle {
      if isCordoned { unlink(place) } else { link(place) }
    }
    pods[place].isCordoned = isCordoned
  }

  private mutating func vacate(_ place: Int) {
    pods[place].phase = .none
    free.append(place)
  }

  // MARK: The workers that ask

  private mutating func link(_ place: Int) {
    pods[place].previousIdle = lastIdle
    pods[place].nextIdle = -1
    if lastIdle < 0 { firstIdle = Int32(place) } else { pods[Int(lastIdle)].nextIdle = Int32(place) }
    lastIdle = Int32(place)
  }

  private mutating func unlink(_ place: Int) {
    let (previous, next) = (pods[place].previousIdle, pods[place].nextIdle)
    guard !pods[place].isCordoned else { return }
    if previous < 0 { firstIdle = next } else { pods[Int(previous)].nextIdle = next }
    if next < 0 { lastIdle = previous } else { pods[Int(next)].previousIdle = previous }
  }
}
