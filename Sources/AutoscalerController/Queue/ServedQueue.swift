/// A queue of a scaler.
struct ServedQueue: Sendable {
  let scaler: ScalerConfiguration
  /// Its place among the scaler's queues.
  let index: Int

  /// The type of worker that its processes ask for.
  var executorType: String { scaler.queues[index].executorType }
}

extension AutoscalerConfiguration {
  /// All queues by what is polled as one.
  var queues: [QueueAddress: [ServedQueue]] {
    scalers.reduce(into: [:]) { queues, scaler in
      for (index, queue) in scaler.queues.enumerated() {
        queues[queue.address, default: []].append(ServedQueue(scaler: scaler, index: index))
      }
    }
  }
}
