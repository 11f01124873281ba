internal import CCurl
internal import Locking

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The thread that runs a transport's transfers.
///
/// Other threads put commands into a list and wake the thread; only the thread touches libcurl's handles.
final class EventLoop: Sendable {
  enum Command: Sendable {
    case start(Transfer)
    case cancel(Transfer)
    /// Goes on with a transfer that waited for its reader.
    case resume(Transfer)
    case stop
  }

  private struct Inbox {
    var commands: [Command] = []
    var isStopped = false
    var activeTransfers = 0
  }

  /// libcurl's handle of all transfers. `curl_multi_wakeup` may be called from any thread; everything else
  /// is called by the loop's thread only.
  private struct Multi: @unchecked Sendable {
    let handle: OpaquePointer
  }

  private let inbox = Locked(Inbox())
  private let multi: Multi

  private static let initialized: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  init(connectionsPerHost: Int) {
    guard Self.initialized, let handle = curl_multi_init() else {
      preconditionFailure("libcurl cannot be initialized: out of memory")
    }
    curl_multi_set_long(handle, CURLMOPT_MAX_HOST_CONNECTIONS, connectionsPerHost)
    multi = Multi(handle: handle)
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self).toOpaque()
    let status = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<EventLoop>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context)
    precondition(status == 0, "a thread can be made")
    pthread_detach(thread)
  }

  deinit { curl_multi_cleanup(multi.handle) }

  var activeTransfers: Int { inbox.withLock { $0.activeTransfers } }

  func enqueue(_ command: Command) {
    let isRefused = inbox.withLock { inbox in
      if inbox.isStopped { return true }
      inbox.commands.append(command)
      if case .start = command { inbox.activeTransfers += 1 }
      return false
    }
    if isRefused {
      if case .start(let transfer) = command { transfer.finish(.shutDown) }
    } else {
      curl_multi_wakeup(multi.handle)
    }
  }

  // MARK: On the thread

  private func run() {
    name_this_thread("http-transport")
    var transfers: [OpaquePointer: Transfer] = [:]
    while takeCommands(&transfers) {
      var running: Int32 = 0
      curl_multi_perform(multi.handle, &running)
      finishDone(&transfers)
      // Commands wake it; libcurl shortens it to its own next time-out.
      curl_multi_poll(multi.handle, nil, 0, 60_000, nil)
    }
    for (handle, transfer) in transfers { end(handle, transfer, .shutDown) }
  }

  /// - Returns: false when the loop shall end.
  private func takeCommands(_ transfers: inout [OpaquePointer: Transfer]) -> Bool {
    while true {
      let commands = inbox.withLock { inbox in
        defer { inbox.commands = [] }
        return inbox.commands
      }
      if commands.isEmpty { return true }
      for (index, command) in commands.enumerated() {
        switch command {
        case .start(let transfer): start(transfer, &transfers)
        case .cancel(let transfer):
          guard let handle = transfer.handle, transfers[handle] === transfer else { continue }
          transfers[handle] = nil
          end(handle, transfer, .cancelled)
        case .resume(let transfer):
          guard let handle = transfer.handle, transfers[handle] === transfer else { continue }
          curl_easy_pause(handle, 0)
        case .stop:
          let late = inbox.withLock { inbox in
            inbox.isStopped = true
            defer { inbox.commands = [] }
            return inbox.commands
          }
          for case .start(let transfer) in commands[index...] + late { abandon(transfer, .shutDown) }
          return false
        }
      }
    }
  }

  private func start(_ transfer: Transfer, _ transfers: inout [OpaquePointer: Transfer]) {
    // Cancelled before it began.
    if transfer.isFinished { return abandon(transfer, .cancelled) }
    guard let handle = transfer.makeHandle() else { return abandon(transfer, .invalid) }
    transfers[handle] = transfer
    curl_multi_add_handle(multi.handle, handle)
  }

  private func finishDone(_ transfers: inout [OpaquePointer: Transfer]) {
    var remaining: Int32 = 0
    while let message = curl_multi_info_read(multi.handle, &remaining) {
      guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
        let transfer = transfers.removeValue(forKey: handle)
      else { continue }
      end(handle, transfer, .done(curl_message_result(message)))
    }
  }

  private func end(_ handle: OpaquePointer, _ transfer: Transfer, _ end: Transfer.End) {
    curl_multi_remove_handle(multi.handle, handle)
    abandon(transfer, end)
    transfer.freeHandle()
  }

  private func abandon(_ transfer: Transfer, _ end: Transfer.End) {
    inbox.withLock { $0.activeTransfers -= 1 }
    transfer.finish(end)
  }
}
