internal import Colonies
internal import GRDB
internal import HummingbirdCore
internal import HummingbirdTLS
public import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
public import ServiceLifecycle

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The embedded Colonies server: both APIs on one port, over one queue that is kept on disk.
public struct ColoniesServer: Service {
  /// Why the server cannot start.
  public struct StartFailure: Error, Sendable, CustomStringConvertible {
    /// What is wrong and what to do.
    public let description: String
  }

  private let configuration: ServerConfiguration
  private let logger: Logger
  private let onReady: @Sendable (_ port: Int) async -> Void

  /// Prepares a server; nothing is opened before `run`.
  /// - Parameter onReady: Called when requests are answered, with the port.
  public init(
    configuration: ServerConfiguration, logger: Logger,
    onReady: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) {
    self.configuration = configuration
    self.logger = logger
    self.onReady = onReady
  }

  /// Serves until the surrounding service group shuts down gracefully: then takes no new connection,
  /// answers what it has, ends the long polls and closes the database.
  /// - Throws: `StartFailure` when the data directory, the certificate or the address cannot be used.
  public func run() async throws {
    try await run(clock: .system)
  }

  func run(clock: ServerClock) async throws {
    let lock = try DirectoryLock(directory: configuration.dataDirectory)
    defer { lock.unlock() }
    let store: QueueStore
    do {
      store = try QueueStore(path: configuration.dataDirectory + "/colonies.sqlite")
    } catch {
      throw StartFailure(
        description: "cannot open the database in \(configuration.dataDirectory): \(error)")
    }
    let engine = QueueEngine(
      store: store, serverID: configuration.serverID, limits: configuration.limits,
      allowsReregistration: configuration.allowsReregistration, clock: clock, logger: logger)
    try await engine.start()
    let server = try httpServer(engine, clock: clock)
    do {
      try await withGracefulShutdownHandler {
        try await server.run()
      } onGracefulShutdown: {
        // Long polls would keep their connections, and so the server, until their deadlines.
        Task { await engine.drain() }
      }
    } catch let error as IOError {
      await engine.stop()
      throw StartFailure(
        description: "cannot listen on \(configuration.host):\(configuration.port): "
          + String(cString: strerror(error.errnoCode)))
    } catch {
      await engine.stop()
      throw error
    }
    await engine.stop()
  }

  private func httpServer(_ engine: QueueEngine, clock: ServerClock) throws -> any Service {
    let limits = configuration.limits
    let responder = ServerResponder(
      handler: RequestHandler(
        engine: engine, defaultAPI: configuration.defaultAPI, limits: limits, clock: clock),
      limits: limits, clock: clock)
    let onReady = onReady
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    return try channelBuilder().buildServer(
      configuration: HummingbirdCore.ServerConfiguration(
        address: .hostname(configuration.host, port: configuration.port), backlog: 1024,
        availableConnectionsDelegate: MaximumAvailableConnections(limits.connections)),
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: quiet,
      responder: { request, writer, _ in try await responder.respond(to: request, writer) },
      onServerRunning: { channel in await onReady(channel.localAddress?.port ?? 0) })
  }

  private func channelBuilder() throws -> HTTPServerBuilder {
    // A silent connection costs memory and one of the allowed connections.
    let http = HTTPServerBuilder { responder in
      EventLoopChannel(
        base: HTTP1Channel(
          responder: responder, configuration: HTTP1Channel.Configuration(idleTimeout: .seconds(120))))
    }
    guard let tls = configuration.tls else { return http }
    do {
      let certificates = try NIOSSLCertificate.fromPEMFile(tls.certificateFile)
      let key = try NIOSSLPrivateKey(file: tls.keyFile, format: .pem)
      return try .tls(
        http,
        tlsConfiguration: .makeServerConfiguration(
          certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key)))
    } catch {
      throw StartFailure(
        description: "cannot use the certificate \(tls.certificateFile) with the key \(tls.keyFile): \(error)"
      )
    }
  }
}

/// Keeps a second server out of a data directory. The lock goes with the process, however it ends.
private struct DirectoryLock {
  private let descriptor: Int32

  init(directory: String) throws(ColoniesServer.StartFailure) {
    func failure(_ action: String) -> ColoniesServer.StartFailure {
      ColoniesServer.StartFailure(description: "cannot \(action): \(String(cString: strerror(errno)))")
    }
    guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
      throw failure("create the data directory \(directory)")
    }
    let path = directory + "/lock"
    let opened = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard opened >= 0 else { throw failure("open \(path)") }
    guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
      close(opened)
      throw ColoniesServer.StartFailure(
        description: "another server uses the data directory \(directory)")
    }
    descriptor = opened
  }

  func unlock() { close(descriptor) }
}
