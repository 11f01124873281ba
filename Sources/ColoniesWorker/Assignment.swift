internal import Colonies

/// A process that a worker holds.
struct Assignment: Sendable {
  /// Which attempt at which process: a process whose lease ended may come back to the same worker.
  struct Attempt: Sendable, Hashable {
    let processID: String
    let retries: Int
  }

  let process: Process
  /// Who holds it: only that key can close it, also after the worker has registered anew.
  let registration: Registration
  /// When the lease ends, by the worker's own clock; nil when it does not.
  let leaseEnd: Duration?

  /// - Parameter start: When the lease began, as far as the worker's own clock tells: when an answer came that gave the
  ///   process, or, for one that is found later, the earliest time that is possible.
  init(_ process: Process, held registration: Registration, since start: Duration) {
    self.process = process
    self.registration = registration
    leaseEnd = process.spec.lease.map { start + .seconds($0) }
  }

  var attempt: Attempt { Attempt(processID: process.id, retries: process.retries) }

  /// An attribute to add to the process.
  func attribute(_ key: String, _ value: String, _ kind: Attribute.Kind) -> Attribute {
    Attribute(
      processID: process.id, colonyID: registration.colony.id, colonyName: registration.colony.name,
      kind: kind,
      key: key, value: value)
  }

  /// Whether the worker still holds the process, as the server shows it now, in this very attempt.
  func isHeld(in shown: Process) -> Bool {
    shown.state == .running && shown.assignedExecutorID == registration.id
      && shown.retries == process.retries
  }
}
