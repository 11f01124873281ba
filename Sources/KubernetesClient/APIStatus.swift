public import JSON

/// The API's own account of a refusal (`kind: Status`).
public struct APIStatus: Sendable, Hashable {
  /// One thing that was wrong.
  public struct Cause: Sendable, Hashable {
    /// What kind of fault it is, such as `FieldValueInvalid`.
    public var reason: String
    /// The fault in words.
    public var message: String
    /// The path of the field, such as `spec.replicas`; empty when there is none.
    public var field: String
  }

  /// What the refusal is about.
  public struct Details: Sendable, Hashable {
    /// The object's name.
    public var name: String
    /// The object's API group.
    public var group: String
    /// The object's kind, or its resource's name.
    public var kind: String
    /// The object's unique id.
    public var uid: String
    /// Everything that was wrong.
    public var causes: [Cause]
    /// After how many seconds to try again; 0 when the server did not say.
    public var retryAfterSeconds: Int
  }

  /// The HTTP status; 0 when the server did not repeat it.
  public var code: Int
  /// The machine's word for the refusal, such as `NotFound`; empty when there is none.
  public var reason: String
  /// The refusal in words.
  public var message: String
  /// What it is about.
  public var details: Details?

  /// Reads a status; returns nil when the document is something else.
  public init?(_ json: JSONValue) {
    guard json["kind"]?.string == "Status" else { return nil }
    code = json["code"]?.int ?? 0
    reason = json["reason"]?.string ?? ""
    message = json["message"]?.string ?? ""
    details = json["details"].flatMap { $0.object == nil ? nil : Details($0) }
  }
}

extension APIStatus.Details {
  fileprivate init(_ json: JSONValue) {
    func text(_ key: String) -> String { json[key]?.string ?? "" }
    name = text("name")
    group = text("group")
    kind = text("kind")
    uid = text("uid")
    retryAfterSeconds = json["retryAfterSeconds"]?.int ?? 0
    causes = (json["causes"]?.array ?? []).map { cause in
      APIStatus.Cause(
        reason: cause["reason"]?.string ?? "", message: cause["message"]?.string ?? "",
        field: cause["field"]?.string ?? "")
    }
  }
}
