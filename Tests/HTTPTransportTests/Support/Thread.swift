import Glibc

/// Runs `body` on a thread of its own, because it blocks.
func startThread(_ body: @escaping @Sendable () -> Void) {
  final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var thread = pthread_t()
  let code = pthread_create(
    &thread, nil,
    { context in
      if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body() }
      return nil
    }, Unmanaged.passRetained(Box(body)).toOpaque())
  precondition(code == 0)
  pthread_detach(thread)
}

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
