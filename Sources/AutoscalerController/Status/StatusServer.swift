internal import HTTPTypes
internal import HummingbirdCore
package import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Tells Prometheus, Kubernetes and people how the program does: `/metrics`, `/healthz`, `/readyz`, `/decisions`.
///
/// It is not for many: one thread, and at most 64 connections at a time; who comes later waits. A connection that
/// is silent for two minutes is closed. Requests may have a body, which nobody reads.
package struct StatusServer: Service {
  /// Why the server cannot start.
  package struct StartFailure: Error, Sendable, CustomStringConvertible {
    /// The address and what is wrong with it.
    package let description: String
  }

  private static let connectionLimit = 64
  /// One thread instead of one a core: there is little to do, and each costs memory. It ends with the process, as
  /// the library's server still uses it for a moment after it has ended itself.
  private static let threads = MultiThreadedEventLoopGroup(numberOfThreads: 1)

  private let host: String
  private let port: Int
  private let pages: StatusPages
  private let logger: Logger
  private let onReady: @Sendable (_ port: Int) async -> Void

  /// Prepares a server; nothing is opened before `run`.
  /// - Parameters:
  ///   - host: The name or address to listen on.
  ///   - port: 0 takes a free one.
  ///   - metrics: The text for Prometheus.
  ///   - decisions: JSON for a query; nil when there is no such scaler.
  ///   - checks: What must be well for `/readyz`, in the order that is shown.
  ///   - onReady: Called when requests are answered, with the port.
  package init(
    host: String, port: Int, logger: Logger, metrics: @escaping @Sendable () async -> String,
    decisions: @escaping @Sendable (_ query: DecisionQuery) async -> String?, checks: [StatusCheck],
    onReady: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) {
    self.host = host
    self.port = port
    pages = StatusPages(metrics: metrics, decisions: decisions, checks: checks)
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .warning)
    self.logger = quiet
    self.onReady = onReady
  }

  /// Serves until the task is cancelled or the surrounding service group shuts down gracefully. Then everything
  /// ends at once, also what is being answered: whoever asked will ask again.
  /// - Throws: `StartFailure` when the address cannot be used.
  package func run() async throws {
    do {
      try await serve()
    } catch let error as IOError {
      throw startFailure(String(cString: strerror(error.errnoCode)))
    } catch is SocketAddressError.UnknownHost {
      throw startFailure("there is no host of that name")
    }
  }

  private func serve() async throws {
    let (pages, onReady) = (pages, onReady)
    let channel = HTTP1Channel(
      responder: { request, writer, _ in try await Self.respond(to: request, from: pages, writer) },
      configuration: HTTP1Channel.Configuration(idleTimeout: .seconds(120)))
    let server = Server(
      childChannelSetup: EndingChannel(channel),
      configuration: HummingbirdCore.ServerConfiguration(
        address: .hostname(host, port: port),
        availableConnectionsDelegate: MaximumAvailableConnections(Self.connectionLimit)),
      onServerRunning: { channel in await onReady(channel.localAddress?.port ?? 0) },
      eventLoopGroup: Self.threads, logger: logger)
    try await server.run()
  }

  private func startFailure(_ reason: String) -> StartFailure {
    StartFailure(description: "cannot listen on \(host):\(port): \(reason)")
  }

  @concurrent private static func respond(
    to request: Request, from pages: StatusPages, _ writer: consuming ResponseWriter
  ) async throws {
    let page = await pages.page(request.method, request.uri)
    let body = ByteBuffer(string: page.text)
    var headers: HTTPFields = [
      .contentType: page.type, .contentLength: String(body.readableBytes), .cacheControl: "no-store",
    ]
    headers[.allow] = page.allowed
    let head = HTTPResponse(status: page.status, headerFields: headers)
    if request.method == .head {
      try await writer.writeResponse(head)
    } else {
      try await writer.write(response: head, body: ResponseBody(byteBuffer: body))
    }
  }
}

/// A connection that does not outlive a graceful shutdown. The server alone would wait for what is being answered.
private struct EndingChannel: ServerChildChannel {
  private let channel: HTTP1Channel

  init(_ channel: HTTP1Channel) { self.channel = channel }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
    self.channel.setup(channel: channel, logger: logger)
  }

  func handle(value: HTTP1Channel.Value, logger: Logger) async {
    await cancelWhenGracefulShutdown { await channel.handle(value: value, logger: logger) }
  }
}
