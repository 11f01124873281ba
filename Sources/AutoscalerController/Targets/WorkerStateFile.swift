internal import Files
internal import Glibc
internal import JSON

/// The file in which a worker says under which id it is registered.
struct WorkerStateFile: Sendable, Hashable {
  let path: String

  /// The worker's id at the server; nil when it has not registered yet, or does not tell.
  var executorID: String? {
    // No file and no JSON mean the same here: nothing is known.
    guard let bytes = try? File.bytes(path), let json = try? JSONValue(parsing: bytes) else {
      return nil
    }
    return json["id"]?.string
  }

  func remove() { unlink(path) }
}
