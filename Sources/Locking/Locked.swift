internal import Glibc

/// A value behind a lock, for state that threads and callbacks outside Swift's concurrency share.
///
/// Not `Synchronization.Mutex`: the thread sanitizer does not see its futex and reports every contended use as
/// a race, while it knows a pthread mutex.
///
/// `@unchecked Sendable`: the value is reached only through `withLock`, which holds the mutex for as long as it
/// lends the value out, and values enter and leave only as `sending`.
package final class Locked<Value>: @unchecked Sendable {
  private var value: Value
  // Allocated, because a mutex may not move and the address of a stored property is not promised to stay.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  package init(_ value: sending Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    let code = pthread_mutex_init(mutex, nil)
    precondition(code == 0, "pthread_mutex_init failed with \(code)")
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Lends the value to `body` while the lock is held.
  ///
  /// The lock is not recursive. `body` should be short and call nothing that may take the same lock; above all
  /// it should not resume continuations.
  package func withLock<Result, Failure: Error>(
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
