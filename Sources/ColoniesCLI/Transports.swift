internal import HTTPTransport
internal import Locking

/// The transports that a program's commands have started.
final class Transports: Sendable {
  private let open = Locked<[HTTPTransport]>([])

  /// Starts what carries requests to a server.
  func start(_ settings: ServerSettings) throws -> any HTTPClient {
    let transport: HTTPTransport
    do {
      transport = try HTTPTransport(settings.transport)
    } catch {
      throw CommandError(error.description)
    }
    open.withLock { $0.append(transport) }
    return transport
  }

  /// Ends them all. A program that exits while a transport's thread is at work would take OpenSSL away from
  /// under it.
  func end() async {
    for transport in open.withLock({ $0 }) {
      transport.shutdown()
      await transport.waitUntilShutDown()
    }
  }
}
