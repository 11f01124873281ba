import Testing

/// Runs a suite with one API server for all its tests.
struct APIServerTrait: SuiteTrait, TestScoping {
  @TaskLocal static var server: APIServer?

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    guard let assets = APIServer.assets else { return try await function() }
    // The server's tasks are children of this one, which returns before the function goes away.
    try await withoutActuallyEscaping(function) { function in
      try await APIServer.run(assets) { server in
        try await Self.$server.withValue(server) { try await function() }
      }
    }
  }
}

extension Trait where Self == APIServerTrait {
  /// Runs a suite with one API server for all its tests.
  static var apiServer: Self { APIServerTrait() }
}
