/// What a fake kubelet runs, and what goes wrong there.
package struct KubeletPlan: Sendable {
  /// Containers that die by themselves.
  package struct Crashes: Sendable {
    /// How many of a hundred starts end so.
    package var share: Int
    /// Between which times after the start.
    package var after: ClosedRange<Duration>

    package init(share: Int, after: ClosedRange<Duration>) {
      self.share = share
      self.after = after
    }
  }

  /// The names of its nodes, each of which takes any number of pods.
  package var nodes: [String]
  /// The programs, by the name of their image. The first word of a command that is not a program's path stands for it,
  /// whatever it is.
  package var images: [String: String]
  /// Between which times a container starts after its pod was bound.
  package var startUp: ClosedRange<Duration> = .zero ... .zero
  /// Containers that are killed at random.
  package var crashes: Crashes?
  /// How long a container that has ended waits until it is started again.
  package var restartPause = Duration.milliseconds(500)
  /// Where its choices begin.
  package var seed: UInt64 = 1

  package init(nodes: [String] = ["node-a", "node-b"], images: [String: String]) {
    self.nodes = nodes
    self.images = images
  }
}
