internal import CCurl
internal import Glibc

/// The thread that runs every exchange of a transport. Each instance is used on its own thread only; tasks
/// reach it through the queue.
final class LoopThread {
  private let multi: OpaquePointer
  private let queue: CommandQueue
  private let configuration: HTTPTransport.Configuration
  private let clock = ContinuousClock()
  private var active: [ObjectIdentifier: ActiveTransfer] = [:]

  /// Starts a thread, which frees `multi` when the queue has been stopped.
  static func start(
    _ multi: OpaquePointer, _ queue: CommandQueue, _ configuration: HTTPTransport.Configuration
  ) throws(HTTPTransportError) {
    let loop = Unmanaged.passRetained(LoopThread(multi, queue, configuration))
    var thread = pthread_t()
    // Threads inherit the mask. Signals are for the program's own threads, and a connection that breaks under
    // OpenSSL's write must be an error here, not the end of the process.
    var all = sigset_t()
    var previous = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &previous)
    defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
    let code = pthread_create(
      &thread, nil,
      { context in
        name_this_thread("http-transport")
        if let context { Unmanaged<LoopThread>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, loop.toOpaque())
    guard code == 0 else {
      loop.release()
      curl_multi_cleanup(multi)
      throw HTTPTransportError(
        .failed, "the transport's thread could not be started", detail: "error \(code)",
        requestMayHaveBeenSent: false)
    }
    LoopThreads.add(thread, queue)
  }

  private init(
    _ multi: OpaquePointer, _ queue: CommandQueue, _ configuration: HTTPTransport.Configuration
  ) {
    self.multi = multi
    self.queue = queue
    self.configuration = configuration
    curl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
    curl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.maxConnectionsPerHost)
    // Otherwise libcurl keeps four times as many idle connections as there are transfers right now, and
    // forgets the connections of every burst.
    curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.maxIdleConnections)
  }

  private static let maxIdleConnections = 128

  private func run() {
    while true {
      let (commands, isStopped) = queue.take()
      for command in commands { handle(command) }
      if isStopped { break }
      var running: Int32 = 0
      curl_multi_perform(multi, &running)
      finishCompleted()
      let wakeUp = expire(at: clock.now)
      curl_multi_poll(multi, nil, 0, wakeUp, nil)
    }
    for transfer in active.values {
      end(transfer, .failure(.shutDown(transfer.request, wasSent: transfer.wasSent)))
    }
    // Nobody wakes it any more: a stopped queue does not.
    curl_multi_cleanup(multi)
    queue.end()
  }

  private func handle(_ command: CommandQueue.Command) {
    switch command {
    case .start(let transfer): start(transfer)
    case .stop(let transfer):
      if let active = active[ObjectIdentifier(transfer)] { remove(active) }
    case .resume(let transfer): active[ObjectIdentifier(transfer)]?.resume(at: clock.now)
    }
  }

  private func start(_ transfer: Transfer) {
    // Cancelled before it got here.
    guard !transfer.isFinished else { return queue.release() }
    do throws(HTTPTransportError) {
      let new = try ActiveTransfer(transfer, configuration, now: clock.now)
      let code = curl_multi_add_handle(multi, new.easy)
      guard code == CURLM_OK else {
        throw HTTPTransportError(
          .failed, "\(transfer.request.summary): libcurl did not take the request",
          detail: String(cString: curl_multi_strerror(code)), requestMayHaveBeenSent: false)
      }
      active[ObjectIdentifier(transfer)] = new
    } catch {
      transfer.finish(.failure(error))
      queue.release()
    }
  }

  private func finishCompleted() {
    var rest: Int32 = 0
    while let message = curl_multi_info_read(multi, &rest) {
      guard message.pointee.msg == CURLMSG_DONE,
        let transfer = ActiveTransfer.owner(of: message.pointee.easy_handle)
      else { continue }
      end(transfer, transfer.outcome(message.pointee.data.result))
    }
  }

  /// Ends what has run out of time.
  /// - Returns: Milliseconds until the next one does.
  private func expire(at now: ContinuousClock.Instant) -> Int32 {
    var next = now + Self.longestPoll
    for transfer in active.values {
      if let error = transfer.expiry(at: now) {
        end(transfer, .failure(error))
      } else if let deadline = transfer.nextDeadline {
        next = min(next, deadline)
      }
    }
    return now.duration(to: next).milliseconds
  }

  /// Commands and libcurl's own timers end a poll earlier, so this only has to be finite.
  private static let longestPoll = Duration.seconds(60)

  private func end(_ transfer: ActiveTransfer, _ outcome: Result<Void, HTTPTransportError>) {
    // First libcurl, then the reader: who gets an answer can rely on its connection being free again.
    remove(transfer)
    transfer.transfer.finish(outcome)
  }

  private func remove(_ transfer: ActiveTransfer) {
    curl_multi_remove_handle(multi, transfer.easy)
    active[ObjectIdentifier(transfer.transfer)] = nil
    queue.release()
  }
}
