internal import MemoryFootprint
internal import ServiceLifecycle

/// Gives memory back that was needed for a while: by the start, and by bursts of work.
struct MemoryKeeper: Service {
  private static let period: Duration = .seconds(15)

  func run() async {
    await cancelWhenGracefulShutdown {
      // Cancelled: the program ends.
      while (try? await Task.sleep(for: Self.period)) != nil { MemoryFootprint.trimHeap() }
    }
  }
}
