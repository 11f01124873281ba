internal import Locking

/// The faults that are set, in the order in which they were.
final class FaultList: Sendable {
  private struct Entry: Sendable {
    let id: Fault.ID
    let action: Fault.Action
    let match: Fault.Match
    /// For how many requests it still is; nil until it is cleared.
    var remaining: Int?
    let cleared: Latch
  }

  private let state = Locked<(entries: [Entry], count: Int)>(([], 0))

  func add(_ action: Fault.Action, _ match: Fault.Match, times: Int?) -> Fault.ID {
    state.withLock { state in
      state.count += 1
      let id = Fault.ID(number: state.count)
      state.entries.append(
        Entry(id: id, action: action, match: match, remaining: times, cleared: Latch()))
      return id
    }
  }

  /// Clears one fault, or all.
  func clear(_ id: Fault.ID?) {
    let cleared = state.withLock { state -> [Latch] in
      let cleared = state.entries.filter { id == nil || $0.id == id }
      state.entries.removeAll { id == nil || $0.id == id }
      return cleared.map(\.cleared)
    }
    for latch in cleared { latch.open() }
  }

  /// The first fault that is for a request, which then counts as one of its times.
  /// - Parameter isOpen: Whether the request is a watch that is open already.
  func take(for request: ProxiedRequest, isOpen: Bool = false) -> (action: Fault.Action, cleared: Latch)? {
    state.withLock { state in
      let index = state.entries.firstIndex { entry in
        entry.match.matches(request) && entry.remaining != 0 && (!isOpen || entry.action == .hangWatch)
          && (entry.action != .hangWatch || request.isWatch)
      }
      guard let index else { return nil }
      // It stays when it is used up, as somebody may hang in it.
      if let remaining = state.entries[index].remaining { state.entries[index].remaining = remaining - 1 }
      return (state.entries[index].action, state.entries[index].cleared)
    }
  }
}
