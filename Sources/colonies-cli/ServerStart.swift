internal import ArgumentParser
internal import Colonies
internal import ColoniesServer
internal import Glibc
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle
internal import UnixSignals

/// `colonies server start`
struct ServerStart: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start",
    abstract: "Serve a queue that is kept on this machine's disk.",
    discussion: """
      One machine needs nothing else: both APIs of the Colonies protocol on one port, over one queue in an \
      SQLite database. A write is answered when it is on disk. Ends in good order on SIGTERM and SIGINT.

        colonies server start                    # 127.0.0.1:50080, data in ~/.colonies/server
        colonies server start --port 0           # any free port; see the file address in the data directory
        colonies server start --tls-cert c.pem --tls-key k.pem --host 0.0.0.0

      The server's owner is whoever holds the key in <data directory>/server.key, which the first start makes. \
      With --server-id the owner is that identity instead, and no key is stored.

      What exceeds a limit is refused with a sentence: bodies with status 413, requests over the rate with \
      429, a full queue with 503. Connections over their limit wait.
      """)

  @Option(help: "The address to listen on. Others than loopback should have TLS.")
  var host = "127.0.0.1"

  @Option(help: "The port to listen on; 0 lets the system choose.")
  var port = 50080

  @Option(
    help: ArgumentHelp("Where the queue is kept. (default: ~/.colonies/server)", valueName: "directory"))
  var dataDir: String?

  @Option(help: ArgumentHelp("The identity of the server's owner, 64 hexadecimal digits.", valueName: "id"))
  var serverID: String?

  @Option(
    help: ArgumentHelp("A certificate in PEM form, with those that lead to its authority.", valueName: "file")
  )
  var tlsCert: String?

  @Option(help: ArgumentHelp("The certificate's private key in PEM form.", valueName: "file"))
  var tlsKey: String?

  @Option(help: "Bytes of one request's body.")
  var maxBodyBytes = ServerLimits().bodyBytes

  @Option(help: "Open connections.")
  var maxConnections = ServerLimits().connections

  @Option(help: "Requests a second from one identity.")
  var maxRequestsPerSecond = ServerLimits().requestsPerSecond

  @Option(help: "Processes that wait or run.")
  var maxLiveProcesses = ServerLimits().liveProcesses

  @Option(help: "Finished processes to keep; those submitted first are deleted beyond it.")
  var maxEndedProcesses = ServerLimits().endedProcesses

  @Option(help: "Log entries to keep of one process; the oldest are deleted beyond it.")
  var maxLogEntries = ServerLimits().logEntriesPerProcess

  @Option(help: "Bytes of one log message.")
  var maxLogMessageBytes = ServerLimits().logMessageBytes

  @Option(help: "Registered workers.")
  var maxWorkers = ServerLimits().registrations

  @Option(
    help: ArgumentHelp(
      "Remove workers of the executor API that have not asked for work for so long; 0 never does.",
      valueName: "seconds"))
  var staleExecutorSeconds = ServerLimits().staleExecutorSeconds

  @Flag(help: "Let a removed worker's name be registered again (executor API).")
  var allowReregister = false

  @Option(help: "How much is logged: trace, debug, info, notice, warning, error or critical.")
  var logLevel: LogLevel = .info

  func validate() throws {
    guard (0...65535).contains(port) else { throw ValidationError("--port must be 0 to 65535, not \(port)") }
    guard (tlsCert == nil) == (tlsKey == nil) else {
      throw ValidationError("--tls-cert and --tls-key belong together")
    }
    if let serverID, serverID.utf8.count != 64 || (try? Hexadecimal.decode(serverID)) == nil {
      throw ValidationError("--server-id must be 64 hexadecimal digits")
    }
    let limits = [
      maxBodyBytes, maxConnections, maxRequestsPerSecond, maxLiveProcesses, maxEndedProcesses, maxLogEntries,
      maxLogMessageBytes, maxWorkers,
    ]
    guard limits.allSatisfy({ $0 > 0 }), staleExecutorSeconds >= 0 else {
      throw ValidationError("limits must be positive")
    }
  }

  func run() async throws {
    // A request then stays on the thread that read it instead of going to another one and back, which makes
    // half again as many requests a second. Nothing here blocks those threads. Where the runtime does not
    // allow it, the server works all the same.
    let sharesThreads =
      NIOSingletons.unsafeTryInstallSingletonPosixEventLoopGroupAsConcurrencyGlobalExecutor()
    var logger = Logger(label: "colonies-server", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = logLevel.level
    if !sharesThreads { logger.debug("requests change threads: the runtime has no hook for executors") }
    let directory = try DataDirectory(path: dataDir)
    let owner = try serverID ?? directory.ownerKey().id
    let configuration = ServerConfiguration(
      host: host, port: port, dataDirectory: directory.path, serverID: owner,
      tls: zip(tlsCert, tlsKey).map(ServerConfiguration.TLS.init), limits: limits,
      allowsReregistration: allowReregister)
    let (host, scheme) = (host, tlsCert == nil ? "http" : "https")
    if host != "127.0.0.1", host != "::1", host != "localhost", tlsCert == nil {
      logger.warning("requests and replies can be read on the way: use --tls-cert and --tls-key")
    }
    let log = logger
    let server = ColoniesServer(configuration: configuration, logger: logger) { port in
      let address = "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
      do {
        try directory.write(address: address)
        log.info(
          "serving", metadata: ["address": "\(address)", "data": "\(directory.path)", "owner": "\(owner)"])
      } catch {
        log.error("the address could not be written", metadata: ["error": "\(error)"])
      }
    }
    // A client that goes away while it is answered must not end the server.
    signal(SIGPIPE, SIG_IGN)
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [.init(service: server)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
    try await group.run()
    log.info("stopped")
  }

  private var limits: ServerLimits {
    var limits = ServerLimits()
    limits.bodyBytes = maxBodyBytes
    limits.connections = maxConnections
    limits.requestsPerSecond = maxRequestsPerSecond
    limits.liveProcesses = maxLiveProcesses
    limits.endedProcesses = maxEndedProcesses
    limits.logEntriesPerProcess = maxLogEntries
    limits.logMessageBytes = maxLogMessageBytes
    limits.registrations = maxWorkers
    limits.staleExecutorSeconds = staleExecutorSeconds
    return limits
  }
}

/// A log level as an option's value.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
  case trace, debug, info, notice, warning, error, critical

  var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}

private func zip<A, B>(_ a: A?, _ b: B?) -> (A, B)? {
  guard let a, let b else { return nil }
  return (a, b)
}
