import Glibc
import HTTPTransport
import Testing

@Suite(.timeLimit(.minutes(10))) struct ExitTests {
  @Test("A process may exit while its transports end", arguments: 1...5) func exitWhileEnding(_: Int) async {
    await #expect(processExitsWith: .success) {
      // Answers with what is no TLS, so that OpenSSL has worked in each thread.
      let server = TestServer { server, connection in
        _ = server.read(connection)
        connection.send("no TLS\r\n\r\n")
      }
      let url = server.url().replacing("http:", with: "https:")
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<16 {
          group.addTask {
            await #expect(throws: HTTPTransportError.self) {
              // Gone, and so ending, as soon as the request has failed.
              _ = try await HTTPTransport().send(HTTPRequest(.get, url))
            }
          }
        }
      }
      exit(EXIT_SUCCESS)
    }
  }
}
