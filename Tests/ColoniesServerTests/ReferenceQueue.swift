import Colonies

@testable import ColoniesServer

/// The queue's rules once more, as plainly as they can be written: one array, looked through from the front.
struct ReferenceQueue {
  struct Entry {
    var process: LiveProcess
    var state: ProcessState
  }

  var entries: [Entry] = []

  mutating func submit(_ process: LiveProcess) { entries.append(Entry(process: process, state: .waiting)) }

  mutating func assign(to offer: WorkerOffer, at now: Timestamp) -> LiveProcess? {
    let candidates = entries.indices.filter {
      entries[$0].state == .waiting && offer.mayTake(entries[$0].process)
    }
    guard
      let index = candidates.min(by: { left, right in
        let (a, b) = (entries[left].process, entries[right].process)
        return (a.priorityTime, a.sequence) < (b.priorityTime, b.sequence)
      })
    else { return nil }
    entries[index].state = .running
    entries[index].process.attempt += 1
    entries[index].process.assignment = LiveProcess.Assignment(
      executorID: offer.id, startTime: now,
      deadline: entries[index].process.lease.map { now + .seconds($0) })
    return entries[index].process
  }

  mutating func close(_ id: String, by executorID: String, as state: ProcessState) -> Bool {
    guard let index = index(id), entries[index].state == .running,
      entries[index].process.assignment?.executorID == executorID
    else { return false }
    entries[index].state = state
    return true
  }

  mutating func end(_ id: String, as state: ProcessState) -> Bool {
    guard let index = index(id), !entries[index].state.isTerminal else { return false }
    entries[index].state = state
    return true
  }

  mutating func remove(_ id: String) -> Bool {
    guard let index = index(id), !entries[index].state.isTerminal else { return false }
    entries.remove(at: index)
    return true
  }

  mutating func release(_ id: String, attempt: Int) -> Bool {
    guard let index = index(id), entries[index].state == .running,
      entries[index].process.attempt == attempt
    else { return false }
    requeue(index)
    return true
  }

  mutating func releaseAll(heldBy executorID: String, colonyID: String) -> Int {
    let held = entries.indices.filter {
      entries[$0].state == .running && entries[$0].process.colonyID == colonyID
        && entries[$0].process.assignment?.executorID == executorID
    }
    for index in held { requeue(index) }
    return held.count
  }

  mutating func expire(at now: Timestamp) {
    for index in entries.indices {
      let process = entries[index].process
      switch entries[index].state {
      case .waiting:
        if let deadline = process.waitDeadline, deadline <= now { entries[index].state = .failed }
      case .running:
        guard let deadline = process.assignment?.deadline, deadline <= now else { continue }
        if let limit = process.retryLimit, process.retries >= limit {
          entries[index].state = .failed
        } else {
          entries[index].process.retries += 1
          entries[index].process.waitDeadline = process.maxWait.map { now + .seconds($0) }
          requeue(index)
        }
      default: continue
      }
    }
  }

  mutating func removeAll(colonyID: String, state: ProcessState?) {
    entries.removeAll { $0.process.colonyID == colonyID && state ?? $0.state == $0.state }
  }

  func count(_ state: ProcessState, colonyID: String) -> Int {
    entries.count { $0.state == state && $0.process.colonyID == colonyID }
  }

  private mutating func requeue(_ index: Int) {
    entries[index].state = .waiting
    entries[index].process.assignment = nil
  }

  private func index(_ id: String) -> Int? { entries.firstIndex { $0.process.id == id } }
}
