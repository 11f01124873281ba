/// What the holders of a streamed body share. The exchange stops when the last of them is gone; the loop runs
/// at least as long.
final class StreamLease: Sendable {
  let transfer: Transfer
  private let loop: EventLoop

  init(_ transfer: Transfer, _ loop: EventLoop) {
    self.transfer = transfer
    self.loop = loop
  }

  deinit { transfer.cancel() }
}
