internal import CCurl
internal import Glibc

/// A running loop. It stops when nobody holds this any more.
final class EventLoop: Sendable {
  let queue: CommandQueue

  init(_ configuration: HTTPTransport.Configuration) throws(HTTPTransportError) {
    // Evaluated once per process; thread-safe as every static is.
    guard Self.globalCode == CURLE_OK, let multi = curl_multi_init() else {
      throw HTTPTransportError(.failed, "libcurl could not be started", requestMayHaveBeenSent: false)
    }
    let queue = CommandQueue(waking: multi)
    try LoopThread.start(multi, queue, configuration)
    // Last: had it been set when the thread could not be started, `deinit` would wake what is freed.
    self.queue = queue
  }

  deinit { queue.stop() }

  private static let globalCode = {
    let code = curl_global_init(Int(CURL_GLOBAL_ALL))
    LoopThreads.joinAtExit()
    return code
  }()
}
