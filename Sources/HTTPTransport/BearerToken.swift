/// A token for the `Authorization` header. It cannot be printed by accident.
public struct BearerToken: Sendable, Hashable {
  let text: String

  public init(_ text: String) { self.text = text }
}

extension BearerToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "<redacted>" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
