package import Testing

/// Runs a suite with one API server for all its tests.
package struct APIServerTrait: SuiteTrait, TestScoping {
  let controllers: APIServer.Controllers

  /// Three programs for each suite: many suites at once would only keep each other from starting in time.
  private static let servers = Turnstile(places: 3)

  /// The suite's server; nil outside of such a suite.
  @TaskLocal package static var server: APIServer?

  package func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    guard let place = APIServer.Place.present else { return try await function() }
    try await Self.servers.pass {
      try await APIServer.run(at: place, controllers: controllers) { server in
        try await Self.$server.withValue(server) { try await function() }
      }
    }
  }
}

extension Trait where Self == APIServerTrait {
  /// Runs a suite with one API server for all its tests. Goes with `ifAPIServer` or `ifOwnAPIServer`.
  package static var apiServer: Self { apiServer(controllers: .all) }

  /// Runs a suite with one API server for all its tests, which has these of Kubernetes' own controllers. Where they are
  /// not all, goes with `ifOwnAPIServer`.
  package static func apiServer(controllers: APIServer.Controllers) -> Self {
    APIServerTrait(controllers: controllers)
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips tests, and says so, where there is no API server.
  package static var ifAPIServer: Self {
    .enabled(
      if: APIServer.Place.present != nil,
      "needs a real API server: COLONIES_ENVTEST_ASSETS=$(hack/envtest) swift test, or hack/test")
  }

  /// Skips tests, and says so, where there is no API server that they may stop.
  package static var ifOwnAPIServer: Self {
    .enabled(
      if: APIServer.Place.present?.isOwn == true,
      "needs an API server of its own: COLONIES_ENVTEST_ASSETS=$(hack/envtest) swift test, or hack/test")
  }
}
