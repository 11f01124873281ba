import HTTPTransport
import Testing

/// The transport's error that `body` throws. Fails the test when there is none.
func failure<Result>(
  _ location: SourceLocation = #_sourceLocation, of body: () async throws -> Result
) async throws -> HTTPTransportError {
  do {
    let result = try await body()
    Issue.record("no error but \(result)", sourceLocation: location)
    throw MissingFailure()
  } catch let error as HTTPTransportError {
    return error
  }
}

/// The code of the transport's error that `body` throws, or nil when there is none.
func code<Result>(of body: () async throws -> Result) async -> HTTPTransportError.Code? {
  do {
    _ = try await body()
    return nil
  } catch {
    return (error as? HTTPTransportError)?.code
  }
}

struct MissingFailure: Error {}
