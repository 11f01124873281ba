internal import Colonies
internal import Files
internal import JSON

/// The file in which a running worker says who it is, for `Unregistration`. It holds no secret.
public struct StateFile: Sendable, Hashable {
  /// What the file says.
  public struct Content: Sendable, Hashable {
    /// The worker's id at the server.
    public var id: String
    /// The worker's name at the server.
    public var name: String
    /// The worker's process.
    public var process: ProcessIdentity
    /// Whether the server has said that it registered the worker. Otherwise the name may be another one's.
    public var isConfirmed: Bool
  }

  /// Where the file is.
  public var path: String

  /// Creates a reference to a file, which need not exist.
  public init(path: String) { self.path = path }

  /// What the file says, or nil when it does not exist.
  /// - Throws: `WorkerError` with code `stateFile`.
  public func read() throws(WorkerError) -> Content? {
    let text: String
    do {
      text = try File.text(path, mustBeOwn: true)
    } catch {
      if error.isNotFound { return nil }
      throw WorkerError(.stateFile, "\(error)")
    }
    guard
      let json = try? JSONValue(parsing: text.utf8), let id = json["id"]?.string,
      let name = json["name"]?.string, let pid = json["pid"]?.int.flatMap(Int32.init(exactly:)), pid > 0,
      let start = json["starttime"]?.int.flatMap(UInt64.init(exactly:))
    else {
      // Why it is none does not matter: somebody has to look at it.
      throw WorkerError(.stateFile, "\(path) is not the state of a worker")
    }
    return Content(
      id: id, name: name, process: ProcessIdentity(number: pid, startTime: start),
      isConfirmed: json["confirmed"] == .bool(true))
  }

  func write(_ content: Content) throws(WorkerError) {
    let json: JSONValue = [
      "id": .string(content.id), "name": .string(content.name), "pid": .integer(content.process.number),
      "starttime": .integer(content.process.startTime), "confirmed": .bool(content.isConfirmed),
    ]
    do {
      try File.replace(path, with: json.text() + "\n")
    } catch {
      throw WorkerError(.stateFile, "\(error)")
    }
  }

  /// Removes the file if it still speaks of this process or of one that has ended.
  func remove(ifOf process: ProcessIdentity) throws(WorkerError) {
    guard let content = try read(), content.process == process || !content.process.isAlive else { return }
    do {
      try File.remove(path)
    } catch {
      // Somebody else was faster.
      if error.isNotFound { return }
      throw WorkerError(.stateFile, "\(error)")
    }
  }
}
