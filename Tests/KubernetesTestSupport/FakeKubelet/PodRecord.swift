package import KubernetesClient
package import TestSupport

/// What became of a pod on a fake kubelet.
package struct PodRecord: Sendable {
  /// Why a container ended.
  package enum Cause: Sendable, Hashable {
    /// By itself.
    case itself
    /// The plan, or a test, wanted it to die.
    case crash
    /// The pod was asked to go, and it went in its grace period.
    case asked
    /// The pod was asked to go, and it was killed when its grace period was over.
    case graceOver
    /// The pod's object, or the kubelet, was gone at once.
    case forced
  }

  /// One run of the container.
  package struct Run: Sendable {
    package let start: KubernetesTime
    package var end: KubernetesTime?
    package var exit: ChildProcess.Exit?
    package var cause: Cause?

    package init(
      start: KubernetesTime, end: KubernetesTime? = nil, exit: ChildProcess.Exit? = nil, cause: Cause? = nil
    ) {
      self.start = start
      self.end = end
      self.exit = exit
      self.cause = cause
    }
  }

  /// What the hook before the end did.
  package struct Hook: Sendable {
    package let exit: ChildProcess.Exit
    package let took: Duration
    package let output: String

    package init(exit: ChildProcess.Exit, took: Duration, output: String) {
      self.exit = exit
      self.took = took
      self.output = output
    }
  }

  package let name: String
  package let namespace: String
  package let uid: String
  package let node: String
  /// Where its container wrote, for as long as somebody holds this.
  package let directory: TemporaryDirectory
  package var runs: [Run] = []
  /// When it was seen that the pod is to go.
  package var deletion: KubernetesTime?
  package var preStop: Hook?
  /// When its object was removed.
  package var removal: KubernetesTime?

  package init(
    name: String, namespace: String, uid: String, node: String,
    directory: TemporaryDirectory = TemporaryDirectory()
  ) {
    self.name = name
    self.namespace = namespace
    self.uid = uid
    self.node = node
    self.directory = directory
  }

  /// What its container has printed in all runs.
  package var log: String { directory.read("log") ?? "" }
}
