internal import HummingbirdCore
internal import HummingbirdTLS
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import ServiceLifecycle
internal import TestSupport

/// Listens on a port of this machine with one certificate, until it is ended.
final class ProxyListener: Sendable {
  private let connections: ProxyConnections
  private let running: Task<Void, Never>

  /// Starts listening.
  /// - Parameter certificate: A PEM file beside which is the key, as `NAME.crt` and `NAME.key`.
  init(port: UInt16, certificate: String, responder: ProxyResponder) async throws {
    let tls = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile("\(certificate).crt").map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: "\(certificate).key", format: .pem)))
    let http = HTTP1Channel(responder: { request, writer, channel in
      try await responder.respond(to: request, writer, on: channel)
    })
    let connections = ProxyConnections()
    let channel = ProxyChannel(
      base: try TLSChannel(http, tlsConfiguration: tls), connections: connections)
    let started = Event<Result<Void, any Error>>()
    let server = channel.server(
      configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: Int(port))),
      onServerRunning: { _ in started.fire(.success(())) },
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
      logger: Logger(label: "proxy", factory: { _ in SwiftLogNoOpLogHandler() }))
    self.connections = connections
    running = Task {
      do {
        try await server.run()
        started.fire(.failure(Failure("the proxy ended before it listened")))
      } catch {
        // Nobody looks when it has listened.
        started.fire(.failure(error))
      }
    }
    try await started.wait().get()
  }

  deinit { running.cancel() }

  /// Resets all connections.
  func resetConnections() { connections.reset() }

  /// Stops listening and resets all connections. Returns when that is done.
  func end() async {
    connections.reset(isEnding: true)
    running.cancel()
    await running.value
  }
}

/// A connection that can be cut beneath its TLS.
private struct ProxyChannel: ServerChildChannel {
  let base: TLSChannel<HTTP1Channel>
  let connections: ProxyConnections

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
    connections.add(channel)
    return channel.eventLoop.makeCompletedFuture {
      try channel.pipeline.syncOperations.addHandler(CutHandler())
    }.flatMap { base.setup(channel: channel, logger: logger) }
  }

  func handle(value: HTTP1Channel.Value, logger: Logger) async {
    await base.handle(value: value, logger: logger)
  }
}
