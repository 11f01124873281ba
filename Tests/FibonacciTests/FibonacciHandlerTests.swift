import Colonies
import ColoniesWorker
import JSON
import Logging
import Testing

@testable import fibonacci_worker

@Suite("The Fibonacci worker's handler", .timeLimit(.minutes(10)))
struct FibonacciHandlerTests {
  private func output(_ spec: ProcessSpec, attributes: [Attribute] = [], limit: Int = 1000) async throws
    -> ProcessOutput
  {
    let process = Process(id: "p", spec: spec, state: .running, attributes: attributes)
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    return try await FibonacciHandler(limit: limit)(WorkContext(process: process, logger: logger))
  }

  @Test("the number is in the environment, an attribute, or the first argument")
  func places() async throws {
    let expected = ProcessOutput(attributes: ["result": "55"], values: ["55"])
    #expect(try await output(ProcessSpec(environment: ["fibonacciNum": "10"])) == expected)
    let attribute = Attribute(processID: "p", kind: .environment, key: "fibonacciNum", value: "10")
    #expect(try await output(ProcessSpec(), attributes: [attribute]) == expected)
    #expect(try await output(ProcessSpec(arguments: ["10"])) == expected)
    #expect(try await output(ProcessSpec(arguments: [10])) == expected)
    #expect(try await output(ProcessSpec(environment: ["fibonacciNum": "10"], arguments: [11])) == expected)
  }

  @Test("a bad number is a failure that says what to do")
  func failures() async throws {
    func failure(_ spec: ProcessSpec) async -> String? {
      await #expect(throws: ProcessFailure.self) { try await output(spec) }?.message
    }
    #expect(
      await failure(ProcessSpec())
        == "fibonacciNum is missing: set it in the process spec's \"env\" to a whole number from 0 to 1000, "
        + "for example {\"fibonacciNum\": \"10\"}.")
    #expect(
      await failure(ProcessSpec(environment: ["fibonacciNum": "abc"]))
        == "fibonacciNum is \"abc\", which is not a whole number in decimal digits: give a whole number from "
        + "0 to 1000, for example 10.")
    #expect(
      await failure(ProcessSpec(environment: ["fibonacciNum": "1001"]))
        == "fibonacciNum is \"1001\", which is more than this worker computes: give a whole number from 0 to "
        + "1000, for example 10. The worker's FIBONACCI_MAX_N sets the limit.")
    for argument in [JSONValue.number("1e6"), .null, .bool(true), ["10"], .number("-1"), .number("10.0")] {
      #expect(await failure(ProcessSpec(arguments: [argument]))?.hasPrefix("fibonacciNum is ") == true)
    }
  }

  @Test("the environment's limit is checked with the rest")
  func settings() throws {
    let error = #expect(throws: EnvironmentError.self) {
      try Settings(environment: ["FIBONACCI_MAX_N": "25000001", "LOG_LEVEL": "loud", "CORES": "many"])
    }
    let variables = error?.problems.map(\.variable) ?? []
    for variable in ["FIBONACCI_MAX_N", "LOG_LEVEL", "CORES", "COLONIES_SERVER_HOST", "COLONIES_SERVER_PORT"]
    {
      #expect(variables.contains(variable))
    }
  }
}
