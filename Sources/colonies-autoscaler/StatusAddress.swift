internal import ArgumentParser

/// Where a server listens, as people type it: `HOST:PORT`, `[::1]:8080`, or `:8080` for every address.
struct StatusAddress: ExpressibleByArgument {
  let host: String
  let port: Int

  init?(argument: String) {
    guard let colon = argument.lastIndex(of: ":"), let port = Int(argument[argument.index(after: colon)...]),
      (1...65_535).contains(port)
    else { return nil }
    var host = argument[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    // A second colon belongs to an address that must be in brackets.
    if host.contains(":"), !argument.hasPrefix("[") { return nil }
    self.host = host.isEmpty ? "0.0.0.0" : String(host)
    self.port = port
  }
}
