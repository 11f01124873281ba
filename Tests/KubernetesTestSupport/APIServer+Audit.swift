internal import Files
internal import JSON
internal import TestSupport

extension APIServer {
  /// A request as the server's audit log has it.
  package struct AuditedRequest: Sendable, Hashable {
    /// As permissions name it: `patch`.
    package let verb: String
    /// With the subresource: `deployments/scale`.
    package let resource: String
    /// The object's name; nil when none was asked for.
    package let name: String?
    /// Whether the server was to forget it.
    package let isDryRun: Bool
    /// The answer's HTTP status.
    package let status: Int

    /// Whether it would change something. Questions about permissions are asked by creating what is not kept.
    package var isWrite: Bool {
      !["get", "list", "watch"].contains(verb) && !isDryRun && resource != "selfsubjectaccessreviews"
    }
  }

  /// What a service account has asked of a server of the suite's own, in the order of the answers. A request
  /// comes to the log together with the end of its answer; a watch, when it begins.
  package func auditedRequests(of account: ServiceAccount) throws -> [AuditedRequest] {
    guard programs != nil else { preconditionFailure("only a server of the suite's own has a log") }
    let log = try File.text(directory.file(ClusterPrograms.auditLog), limit: 256 << 20)
    return try log.endedLines.compactMap { line in
      guard line.contains(account.user.name) else { return nil }
      return AuditedRequest(try JSONValue(parsing: line.utf8), of: account.user)
    }
  }
}

extension APIServer.AuditedRequest {
  fileprivate init?(_ entry: JSONValue, of user: APIServer.User) {
    guard entry["user"]?["username"]?.string == user.name, let verb = entry["verb"]?.string,
      // Watches are told when they begin and when they end; others once.
      entry["stage"]?.string == (verb == "watch" ? "ResponseStarted" : "ResponseComplete")
    else { return nil }
    self.verb = verb
    let object = entry["objectRef"]
    // What has no object is the API's description of itself.
    resource = [object?["resource"]?.string ?? "discovery", object?["subresource"]?.string]
      .compactMap { $0 }.joined(separator: "/")
    name = object?["name"]?.string
    isDryRun = entry["requestURI"]?.string?.contains("dryRun=All") ?? false
    status = entry["responseStatus"]?["code"]?.int ?? 0
  }
}
