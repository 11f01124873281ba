public import JSON

/// A note about an object, for people (`kubectl describe`).
public struct KubernetesEvent: WritableObject, Hashable {
  /// Whether a note is about something bad.
  public enum Severity: String, Sendable, Hashable {
    case normal = "Normal"
    case warning = "Warning"
  }

  public static let resource = APIResource.events

  public var metadata: ObjectMeta
  /// What the note is about.
  public var involvedObject: ObjectReference
  /// Whether it is about something bad.
  public var severity: Severity
  /// The reason as one word, such as `ScaledUp`.
  public var reason: String
  /// The note.
  public var message: String
  /// Who wrote it.
  public var component: String
  /// When it was first written.
  public var firstTimestamp: KubernetesTime?
  /// When it was last written.
  public var lastTimestamp: KubernetesTime?
  /// How often it was written: the same note is counted, not repeated.
  public var count: Int

  /// The API refuses a longer note.
  public static let maximumMessageBytes = 1024

  /// Writes a note. It lives in its object's namespace, and the server makes its name. A message that is too
  /// long for the API is cut.
  public init(
    about object: ObjectReference, _ severity: Severity, reason: String, message: String, component: String,
    at time: KubernetesTime, count: Int = 1
  ) {
    metadata = ObjectMeta(
      generateName: String(object.name.prefix(200)) + ".", namespace: object.namespace ?? "default")
    involvedObject = object
    self.severity = severity
    self.reason = reason
    self.message = message.cut(toBytes: Self.maximumMessageBytes)
    self.component = component
    firstTimestamp = time
    lastTimestamp = time
    self.count = count
  }

  public init(_ json: JSONValue) throws(KubernetesError) {
    let reader = try ObjectReader(json, "Event")
    metadata = try ObjectMeta(of: json)
    involvedObject = try ObjectReference(reader.nested("involvedObject"))
    severity = try Severity(rawValue: reader.string("type") ?? "") ?? .normal
    reason = try reader.string("reason") ?? ""
    message = try reader.string("message") ?? ""
    component = try reader.nested("source").string("component") ?? ""
    firstTimestamp = try reader.time("firstTimestamp")
    lastTimestamp = try reader.time("lastTimestamp")
    count = try reader.int("count") ?? 1
  }

  public var json: JSONValue {
    var members: [(key: String, value: JSONValue)] = [
      ("involvedObject", involvedObject.json), ("type", .string(severity.rawValue)),
      ("reason", .string(reason)), ("message", .string(message)),
      ("source", ["component": .string(component)]), ("count", .integer(count)),
    ]
    for (key, time) in [("firstTimestamp", firstTimestamp), ("lastTimestamp", lastTimestamp)] {
      if let time { members.append((key, .string(time.seconds))) }
    }
    return document(members)
  }
}

extension String {
  /// The text, if need be without its end, but never with half a character.
  fileprivate func cut(toBytes limit: Int) -> String {
    guard utf8.count > limit else { return self }
    var kept = ""
    var bytes = 0
    for character in self {
      bytes += character.utf8.count
      // Room for the ellipsis.
      if bytes > limit - 3 { break }
      kept.append(character)
    }
    return kept + "…"
  }
}
