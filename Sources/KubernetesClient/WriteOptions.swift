/// How a write is to be done.
public struct WriteOptions: Sendable, Hashable {
  /// Whether the server checks and tries the write, permissions and admission included, and then forgets it.
  public var isDryRun: Bool
  /// Under which name the server notes which fields were set; nil for the client's.
  public var fieldManager: String?
  /// How long the write may take with all its tries; nil for the client's usual time.
  public var deadline: Duration?

  /// Describes a write.
  public init(isDryRun: Bool = false, fieldManager: String? = nil, deadline: Duration? = nil) {
    self.isDryRun = isDryRun
    self.fieldManager = fieldManager
    self.deadline = deadline
  }
}
