internal import Glibc
internal import Locking
internal import NIOCore

/// The connections that clients have to the proxy at this moment.
final class ProxyConnections: Sendable {
  private struct State {
    var channels: [ObjectIdentifier: any Channel] = [:]
    var isEnding = false
  }

  private let state = Locked(State())

  func add(_ channel: any Channel) {
    let id = ObjectIdentifier(channel)
    let isLate = state.withLock { state in
      if !state.isEnding { state.channels[id] = channel }
      return state.isEnding
    }
    if isLate {
      channel.close(promise: nil)
    } else {
      channel.closeFuture.whenComplete { [state] _ in state.withLock { $0.channels[id] = nil } }
    }
  }

  /// Resets every connection.
  /// - Parameter isEnding: Whether there are to be no new ones, either.
  func reset(isEnding: Bool = false) {
    let channels = state.withLock { state in
      if isEnding { state.isEnding = true }
      return Array(state.channels.values)
    }
    for channel in channels { channel.triggerUserOutboundEvent(Cut.reset, promise: nil) }
  }
}

/// How a connection ends under TLS, which is told nothing.
enum Cut: Sendable {
  /// At once; what was sent may not arrive.
  case reset
  /// Behind what was sent.
  case end
}

/// Ends connections beneath TLS. It must be the first handler of a channel.
final class CutHandler: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer

  func triggerUserOutboundEvent(
    context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
  ) {
    guard let cut = event as? Cut else { return context.triggerUserOutboundEvent(event, promise: promise) }
    if cut == .reset, let socket = context.channel as? any SocketOptionProvider {
      // With no time to linger, closing is resetting. Where it fails, closing is what remains.
      _ = socket.setSoLinger(linger(l_onoff: 1, l_linger: 0))
    }
    context.close(promise: promise)
  }
}
