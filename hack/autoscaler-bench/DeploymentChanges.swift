import KubernetesClient
import TestSupport

/// The changes of a namespace's Deployments, as they happen.
struct DeploymentChanges {
  private var changes: ObjectChanges<Deployment>.AsyncIterator

  /// Listens from now on: what happens later is not missed.
  init(_ changes: ObjectChanges<Deployment>) async throws {
    self.changes = changes.makeAsyncIterator()
    guard case .listed? = await self.changes.next(), case .unchanged? = await self.changes.next() else {
      throw Failure("the Deployments cannot be watched")
    }
  }

  /// Waits for the next change, and returns the Deployment as it is then.
  mutating func next() async throws -> Deployment {
    while let change = await changes.next() {
      switch change {
      case .changed(let deployment): return deployment
      case .unchanged: continue
      case .interrupted(let error, _): throw error
      case .listed, .deleted: throw Failure("the watch of the Deployments began anew")
      }
    }
    throw CancellationError()
  }
}
