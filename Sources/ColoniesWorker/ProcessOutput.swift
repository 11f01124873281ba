public import JSON

/// What a handler makes of a process.
public struct ProcessOutput: Sendable, Hashable {
  /// Stored with the process as attributes of kind output, by key. Attributes cannot be changed: one that an earlier
  /// attempt has stored stays as it is.
  public var attributes: [String: String]
  /// The process's output in the executor API; the runtime API has none.
  public var values: [JSONValue]

  /// Creates an output.
  public init(attributes: [String: String] = [:], values: [JSONValue] = []) {
    self.attributes = attributes
    self.values = values
  }

  /// Creates the usual output, one text: the attribute `result`, and the one value of the executor API's
  /// output.
  public init(result: String) {
    self.init(attributes: ["result": result], values: [.string(result)])
  }
}

/// What a handler throws to have its process closed as failed.
public struct ProcessFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// A sentence for the person who submitted the process: what is wrong, and what to do about it.
  public var message: String

  /// Creates a failure.
  public init(_ message: String) { self.message = message }

  /// A sentence for people.
  public var description: String { message }
}
