import Glibc

/// Lets a thread that is not one of Swift's concurrency wait for something asynchronous.
func startTaskAndBlock(_ body: @escaping @Sendable () async -> Void) {
  final class Semaphore: @unchecked Sendable {
    // Sendable, as a semaphore is there to be used by several threads; it stays where it was allocated.
    let pointer = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    init() { sem_init(pointer, 0, 0) }
    deinit {
      sem_destroy(pointer)
      pointer.deallocate()
    }
  }
  let semaphore = Semaphore()
  Task {
    await body()
    sem_post(semaphore.pointer)
  }
  while sem_wait(semaphore.pointer) != 0 {}
}
