internal import Colonies

extension ColoniesError {
  /// Gives a server's refusal its meaning. The two generations of servers use the same statuses for
  /// different things, so the words decide where the status does not.
  init(_ refusal: Refusal, to action: String) {
    self.init(
      Self.code(refusal), "could not \(action): \(refusal.message)", status: refusal.status)
  }

  private static func code(_ refusal: Refusal) -> Code {
    let message = refusal.message
    func says(_ parts: String...) -> Bool { parts.contains { message.contains(substring: $0) } }
    if says("No processes can be selected", "No process available for assignment") { return .queueEmpty }
    if says("assignments are paused") { return .paused }
    if says("invalid rpcMsg.PayloadType") { return .unsupported }
    if says(
      "not allowed to close", "process is not assigned", "is allowed to set attributes",
      "not allowed to add log")
    {
      return .notAssigned
    }
    if says("process is not running", "Tried to set") { return .notAssigned }
    if says("already exists", "duplicate key") { return .alreadyExists }
    switch refusal.status {
    case 401, 403: return .denied
    case 404: return .notFound
    case 408: return .deadlineExceeded
    case 429: return .tooManyRequests
    // An unknown id is an internal error to most servers.
    case 500 where says(" is nil", "not found", "not exist"): return .notFound
    case 500...: return .serverFailure
    case 400 where says("not found", "does not exist"): return .notFound
    default: return .invalidRequest
    }
  }
}

extension String {
  /// Whether the text contains another; the standard library has it only with Foundation.
  fileprivate func contains(substring: String) -> Bool {
    let needle = Array(substring.utf8)
    let hay = Array(utf8)
    guard needle.count <= hay.count else { return false }
    return (0...hay.count - needle.count).contains { start in
      hay[start..<start + needle.count].elementsEqual(needle)
    }
  }
}
