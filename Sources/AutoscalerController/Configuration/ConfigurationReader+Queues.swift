internal import Autoscaling
internal import Colonies
internal import YAML

extension ConfigurationReader {
  /// The queues of a scaler: one of its own keys, or several, each with what it does not have of its own from the
  /// scaler.
  func queues(_ scaler: inout StrictMapping, _ servers: [ServerConfiguration]) -> [QueueConfiguration]? {
    guard let list = scaler.optional("queues") else {
      let server = self.server(&scaler, servers)
      let colony = scaler.required("colony").flatMap { self.colony($0, api: server?.api) }
      let credentials = scaler.required("credentials").flatMap(self.credentials)
      let executorType = scaler.required("executorType")?.string(length: 1...253)
      guard let server, let colony, let credentials, let executorType else { return nil }
      return [
        QueueConfiguration(
          server: server, colony: colony, credentials: credentials, executorType: executorType)
      ]
    }
    if scaler.optional("executorType") != nil {
      scaler.report("is given, but so are queues, each of which has its own", at: "executorType")
    }
    let server = scaler.keys.contains("server") ? self.server(&scaler, servers) : nil
    let colony = scaler.optional("colony").flatMap { self.colony($0, api: server?.api) }
    let credentials = scaler.optional("credentials").flatMap(self.credentials)
    scaler.allow("server")
    let given = scaler.keys
    return list.list(count: 2...Self.mostQueues) { node in
      node.mapping { queue in
        let own = queue.keys.contains("server") || server == nil ? self.server(&queue, servers) : server
        let ownColony = queue.keys.contains("colony") || !given.contains("colony")
        let place = ownColony ? queue.required("colony").flatMap { self.colony($0, api: own?.api) } : colony
        let ownKey = queue.keys.contains("credentials") || !given.contains("credentials")
        let key = ownKey ? queue.required("credentials").flatMap(self.credentials) : credentials
        let executorType = queue.required("executorType")?.string(length: 1...253)
        for name in ["server", "colony", "credentials"] { queue.allow(name) }
        guard let own, let place, let key, let executorType else { return nil }
        return QueueConfiguration(server: own, colony: place, credentials: key, executorType: executorType)
      }
    }
  }

  /// The most queues that one scaler may have.
  static let mostQueues = 20
}
