internal import JSON

/// One line of a watch.
enum WatchEvent<Object: KubernetesObject>: Sendable {
  /// An object is there, or has changed.
  case changed(Object)
  /// An object is gone; this is how it was last.
  case deleted(Object)
  /// Nothing has changed up to this version.
  case bookmark(resourceVersion: String)
  /// The watch has failed.
  case failed(KubernetesError)

  /// Reads a line.
  /// - Parameter action: What the watch is called in messages.
  init(_ line: [UInt8], _ action: String) throws(KubernetesError) {
    func invalid(_ problem: String) -> KubernetesError {
      KubernetesError(.invalidReply, "could not \(action): an event \(problem)")
    }
    guard let json = try? JSONValue(parsing: line) else { throw invalid("is not JSON") }
    guard let object = json["object"] else { throw invalid("has no object") }
    switch json["type"]?.string {
    case "ADDED", "MODIFIED": self = .changed(try Object(object))
    case "DELETED": self = .deleted(try Object(object))
    case "BOOKMARK":
      guard let version = object["metadata"]?["resourceVersion"]?.string else {
        throw invalid("is a bookmark without a version")
      }
      self = .bookmark(resourceVersion: version)
    case "ERROR":
      let status = APIStatus(object)
      self = .failed(
        KubernetesError(status: status, httpStatus: status.map { $0.code } ?? 500, to: action))
    default: throw invalid("is of an unknown type")
    }
  }
}
