internal import Colonies

/// A process that a worker holds.
struct Assignment: Sendable {
  let process: Process
  /// Who holds it: only that key can close it, also after the worker has registered anew.
  let registration: Registration
  /// When the lease ends, by the worker's own clock; nil when it does not.
  let leaseEnd: Duration?

  /// - Parameter start: When the lease began at the latest, by the worker's own clock.
  init(_ process: Process, held registration: Registration, since start: Duration) {
    self.process = process
    self.registration = registration
    leaseEnd = process.spec.lease.map { start + .seconds($0) }
  }
}
