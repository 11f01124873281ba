package import HTTPTransport
internal import Locking

extension FaultProxy {
  /// What tells requests apart that are counted.
  package struct Call: Sendable, Hashable {
    package let method: HTTPMethod
    /// The resource with its subresource, as `deployments/scale`; the path, where that is not of a resource.
    package let resource: String
    package let isWatch: Bool
    /// What was answered; nil when nothing was.
    package let status: Int?
  }
}

/// Counts requests, each when its answer's head is known, or that there will be none.
final class CallLog: Sendable {
  private struct Waiter: Sendable {
    let isEnough: @Sendable ([FaultProxy.Call: Int]) -> Bool
    let latch: Latch
  }

  private struct State: Sendable {
    var counts: [FaultProxy.Call: Int] = [:]
    var waiters: [Waiter] = []
  }

  private let state = Locked(State())

  var counts: [FaultProxy.Call: Int] { state.withLock { $0.counts } }

  func record(_ request: ProxiedRequest, _ status: Int?) {
    let call = FaultProxy.Call(
      method: request.method, resource: request.resource, isWatch: request.isWatch, status: status)
    let latches = state.withLock { state -> [Latch] in
      state.counts[call, default: 0] += 1
      let counts = state.counts
      let due = state.waiters.filter { $0.isEnough(counts) }.map(\.latch)
      state.waiters.removeAll { $0.isEnough(counts) }
      return due
    }
    for latch in latches { latch.open() }
  }

  func reset() { state.withLock { $0.counts = [:] } }

  /// Returns when the counts are as described, or the task is cancelled.
  func wait(until isEnough: @escaping @Sendable ([FaultProxy.Call: Int]) -> Bool) async {
    let latch = Latch()
    state.withLock { state in
      if isEnough(state.counts) {
        latch.open()
      } else {
        state.waiters.append(Waiter(isEnough: isEnough, latch: latch))
      }
    }
    await latch.wait()
  }
}
