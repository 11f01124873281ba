internal import Glibc

/// Runs `body` on a thread of its own, because it blocks.
package func startThread(_ body: @escaping @Sendable () -> Void) {
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
  precondition(code == 0, "no thread")
  pthread_detach(thread)
}

/// Waits for a `body` that blocks, which runs on a thread of its own: the tests share a few threads, and none of them
/// may stand still. Throws `CancellationError` when the task is cancelled before.
package func onThread<Value: Sendable>(
  _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
  let result = Event<Result<Value, any Error>>()
  startThread { result.fire(Result(catching: body)) }
  return try await result.wait().get()
}
