internal import JSON
internal import KubernetesClient
internal import Logging
internal import Timekeeping

/// Writes Events, which `kubectl describe` and `kubectl get events` show.
///
/// The same note about the same object is one Event that counts how often it was made, until it has been quiet
/// for long. Events are for people: one that cannot be written is told in the log and given up.
actor EventRecorder {
  /// Who the Events come from.
  static let component = "colonies-autoscaler"
  /// How many notes may wait; the oldest go first.
  private static let queueLength = 1_000
  /// How many Events are remembered to be counted on.
  private static let memory = 4_096
  /// After this long without the same note, it makes a new Event. API servers forget Events after an hour.
  private static let quietTime: Duration = .seconds(600)
  /// The time for writing one.
  private static let patience: Duration = .seconds(10)

  private struct Entry {
    let note: DecisionNote
    let object: @Sendable () async -> ObjectReference
  }

  private struct Key: Hashable {
    let kind: String
    let namespace: String?
    let name: String
    let reason: String
    /// What was changed; nil when nothing was.
    let change: String?

    init(_ note: DecisionNote, about object: ObjectReference) {
      kind = object.kind
      namespace = object.namespace
      name = object.name
      reason = note.reason
      change = note.isChange ? note.message : nil
    }
  }

  private struct Written {
    let name: String
    /// The id of the object that it is about; nil when that was not known.
    let objectUID: String?
    var count: Int
    var at: Duration

    /// Whether people who look at an object are shown this Event: `kubectl describe` goes by the id.
    func isShown(with object: ObjectReference) -> Bool { object.uid == nil || object.uid == objectUID }
  }

  private let client: KubernetesClient
  private let time: Timekeeper
  private let logger: Logger
  private let calendar: @Sendable () -> KubernetesTime
  private var written: [Key: Written] = [:]
  /// What went wrong last, to tell it once.
  private var told: KubernetesError.Code?
  private nonisolated let entries: AsyncStream<Entry>
  private nonisolated let intake: AsyncStream<Entry>.Continuation

  init(
    client: KubernetesClient, time: Timekeeper, logger: Logger,
    calendar: @escaping @Sendable () -> KubernetesTime = { .now() }
  ) {
    self.client = client
    self.time = time
    self.logger = logger
    self.calendar = calendar
    (entries, intake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.queueLength))
  }

  /// Notes something about an object, some time later.
  /// - Parameter object: Says which, when the note is written. `kubectl describe` shows only Events with the object's
  ///   id; one without it is written all the same.
  nonisolated func record(
    _ note: DecisionNote, about object: @escaping @Sendable () async -> ObjectReference
  ) {
    intake.yield(Entry(note: note, object: object))
  }

  /// Writes what was noted so far and returns when that is done.
  nonisolated func finish() { intake.finish() }

  /// Writes what is noted, until told to finish or cancelled.
  func run() async {
    for await entry in entries { await write(entry.note, about: entry.object()) }
  }

  private func write(_ note: DecisionNote, about object: ObjectReference) async {
    let key = Key(note, about: object)
    let now = time.now()
    do throws(KubernetesError) {
      if let seen = written[key], seen.isShown(with: object), now - seen.at < Self.quietTime,
        try await count(seen, note, about: object, now)
      {
        return
      }
      let event = KubernetesEvent(
        about: object, note.severity, reason: note.reason, message: note.message, component: Self.component,
        at: calendar())
      let made = try await client.create(event, options: WriteOptions(deadline: Self.patience))
      remember(key, Written(name: made.metadata.name, objectUID: object.uid, count: 1, at: now))
      told = nil
    } catch {
      guard told != error.code else { return }
      told = error.code
      logger.warning(
        "an Event was not written: \(error)",
        metadata: ["event": "eventNotWritten", "reason": "\(note.reason)"])
    }
  }

  /// Counts a note that has an Event.
  /// - Returns: Whether the Event is still there.
  private func count(
    _ seen: Written, _ note: DecisionNote, about object: ObjectReference, _ now: Duration
  ) async throws(KubernetesError) -> Bool {
    let patch: JSONValue = [
      "count": .integer(seen.count + 1), "lastTimestamp": .string(calendar().seconds),
      "message": .string(note.message),
    ]
    do {
      _ = try await client.patch(
        .events, seen.name, patch, in: object.namespace ?? "default",
        options: WriteOptions(deadline: Self.patience))
    } catch {
      if error.code == .notFound { return false }
      throw error
    }
    var counted = seen
    counted.count += 1
    counted.at = now
    remember(Key(note, about: object), counted)
    return true
  }

  private func remember(_ key: Key, _ event: Written) {
    if written.count >= Self.memory, written[key] == nil {
      written = written.filter { event.at - $0.value.at < Self.quietTime }
      // Then all are recent: counting begins anew.
      if written.count >= Self.memory { written = [:] }
    }
    written[key] = event
  }
}
