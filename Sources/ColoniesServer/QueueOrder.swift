/// A process's place in the queue: the smallest is next.
struct QueuePosition: Sendable, Hashable, Comparable {
  /// The submission time in nanoseconds, less a day for each step of priority.
  let priorityTime: Int64
  /// The order of submission decides between equal times. Also identifies the process.
  let sequence: Int64

  static func < (left: QueuePosition, right: QueuePosition) -> Bool {
    (left.priorityTime, left.sequence) < (right.priorityTime, right.sequence)
  }
}

/// Queue positions in order, in chunks, so that inserting and removing anywhere moves at most one chunk:
/// O(√n) at the sizes that fit a machine, without the pointers of a tree.
struct QueueOrder: Sendable {
  private var chunks: [[QueuePosition]] = []
  private(set) var count = 0

  /// Twice this many positions split a chunk.
  private static let chunkSize = 256

  var first: QueuePosition? { chunks.first?.first }
  var isEmpty: Bool { count == 0 }

  mutating func insert(_ position: QueuePosition) {
    count += 1
    guard !chunks.isEmpty else {
      chunks = [[position]]
      return
    }
    // A new process usually is the last: then the last chunk takes it.
    let chunk = min(chunkIndex(of: position), chunks.count - 1)
    chunks[chunk].insert(position, at: chunks[chunk].insertionIndex(of: position))
    if chunks[chunk].count > 2 * Self.chunkSize {
      let upper = Array(chunks[chunk][Self.chunkSize...])
      chunks[chunk].removeLast(upper.count)
      chunks.insert(upper, at: chunk + 1)
    }
  }

  /// Removes a position; one that is not there is ignored.
  mutating func remove(_ position: QueuePosition) {
    let chunk = chunkIndex(of: position)
    guard chunk < chunks.count else { return }
    let index = chunks[chunk].insertionIndex(of: position)
    guard index < chunks[chunk].count, chunks[chunk][index] == position else { return }
    chunks[chunk].remove(at: index)
    count -= 1
    if chunks[chunk].isEmpty { chunks.remove(at: chunk) }
  }

  /// The first chunk that ends at or behind a position, or the number of chunks when all end before it.
  private func chunkIndex(of position: QueuePosition) -> Int {
    var low = 0
    var high = chunks.count
    while low < high {
      let middle = (low + high) / 2
      if let last = chunks[middle].last, last < position { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension [QueuePosition] {
  fileprivate func insertionIndex(of position: QueuePosition) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < position { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
