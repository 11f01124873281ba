import Colonies
@testable import ColoniesCLI
import JSON
import Testing

@Suite("Spec files", .timeLimit(.minutes(10)))
struct SpecTests {
  private static func spec(_ text: String, _ api: API = .runtime) throws -> ProcessSpec {
    try ProcessSpecReader(try SpecFile(name: "process.json", bytes: Array(text.utf8)))
      .spec(api, colony: ColonyReference(id: TestKeys.colony.id, name: "dev"))
  }

  @Test("the tutorial's spec, for both APIs")
  func tutorial() throws {
    let text = """
      {
          "conditions": {
              "runtimetype": "fibonacci"
          },
          "env": {
              "fibonacciNum": "10"
          }
      }
      """
    let runtime = try Self.spec(text)
    #expect(runtime.conditions.executorType == "fibonacci")
    #expect(runtime.conditions.colonyID == TestKeys.colony.id)
    #expect(runtime.environment == ["fibonacciNum": "10"])
    #expect(runtime.maxExecutionTime == -1)
    let sent = try Self.spec(text, .executor).json(.executor)
    #expect(sent["conditions"]?["executortype"] == "fibonacci")
    #expect(sent["conditions"]?["colonyname"] == "dev")
    #expect(sent["maxwaittime"] == -1)
  }

  @Test("a function spec says the same in either API")
  func functionSpec() throws {
    let text = """
      {"funcname": "fibonacci", "args": ["10"], "maxexectime": 60, "maxretries": 3,
       "conditions": {"colonyname": "other", "executortype": "fibonacci", "cpu": "1500m", "mem": "1Gi",
                      "gpu": {"count": 1}}}
      """
    let executor = try Self.spec(text, .executor)
    #expect(executor.functionName == "fibonacci")
    #expect(executor.conditions.colonyName == "other")
    #expect(executor.conditions.cpu == "1500m")
    let runtime = try Self.spec(text).json(.runtime)
    #expect(runtime["cmd"] == "fibonacci")
    #expect(runtime["args"] == ["10"])
    #expect(runtime["maxexectime"] == 60)
    #expect(
      runtime["conditions"] == [
        "colonyid": .string(TestKeys.colony.id), "runtimeids": [], "runtimetype": "fibonacci", "mem": 1024,
        "cores": 2, "gpus": 1,
      ])
  }

  @Test("resources of 2022 become quantities")
  func resources() throws {
    let text = #"{"conditions": {"runtimetype": "f", "mem": 512, "cores": 2, "gpus": 1}}"#
    let conditions = try Self.spec(text, .executor).conditions
    #expect(conditions.memory == "512Mi")
    #expect(conditions.cpu == "2000m")
    #expect(conditions.gpu.count == 1)
  }

  @Test(
    "a limit of 0 or less is none; the older name of the limit counts",
    arguments: [
      ("", -1), (#", "maxexectime": 0"#, -1), (#", "maxexectime": -1"#, -1), (#", "maxexectime": 5"#, 5),
      (#", "timeout": 7"#, 7), (#", "timeout": 7, "maxexectime": 5"#, 5), (#", "timeout": 0"#, -1),
    ])
  func limits(field: String, limit: Int) throws {
    #expect(try Self.spec(#"{"conditions": {"runtimetype": "f"}\#(field)}"#).maxExecutionTime == limit)
  }

  /// A file, and the message it is refused with.
  static let refused: [(String, API, String)] = [
    (
      #"{"conditions": {"runtimetype": "f"}, "envv": {}}"#, .runtime, "envv: unknown field; did you mean env?"
    ),
    (
      #"{"conditions": {"runtimetyp": "f", "runtimetype": "f"}}"#, .runtime,
      "conditions.runtimetyp: unknown field; did you mean runtimetype?"
    ),
    (#"{"conditions": {"runtimetype": "f"}, "colour": 1}"#, .runtime, "colour: unknown field"),
    (
      #"{"conditions": {"runtimetype": "f", "cores": "two"}}"#, .runtime,
      #"conditions.cores: expected a whole number, 0 to 1000000, found the string "two""#
    ),
    (
      #"{"conditions": {"runtimetype": 5}}"#, .runtime,
      "conditions.runtimetype: expected a string, found the number 5"
    ),
    (
      #"{"conditions": {"runtimetype": "f"}, "env": {"fibonacciNum": 10}}"#, .runtime,
      "env.fibonacciNum: expected a string, found the number 10"
    ),
    (
      #"{"conditions": {"runtimetype": "f"}, "maxretries": 1.5}"#, .runtime,
      "maxretries: expected a whole number, -1 or more, found the number 1.5"
    ),
    (
      #"{"conditions": {"runtimetype": "f"}, "env": ["a"]}"#, .runtime,
      "env: expected an object with strings, found a list"
    ),
    (
      #"{"conditions": {"runtimetype": "f"}, "volumes": ["a", 1]}"#, .runtime,
      "volumes[1]: expected a string, found the number 1"
    ),
    (#"{"env": {}}"#, .runtime, "conditions.runtimetype (or executortype): missing"),
    (
      #"{"conditions": {"runtimetype": "a", "executortype": "b"}}"#, .runtime,
      #"runtimetype is "a", but executortype is "b""#
    ),
    (
      #"{"conditions": {"executortype": "f", "cpu": "2"}}"#, .executor,
      #"conditions.cpu: expected thousandths of a core, as "1500m", found "2""#
    ),
    (
      #"{"conditions": {"executortype": "f", "mem": "1 gig"}}"#, .executor,
      #"conditions.mem: expected a size with its unit, as "512Mi", found "1 gig""#
    ),
    (
      #"{"conditions": {"executortype": "f"}, "kwargs": {"n": 1}}"#, .runtime,
      "kwargs: servers of the runtime API do not know this field"
    ),
    (
      #"{"conditions": {"executortype": "f", "runtimeids": ["a"]}}"#, .executor,
      "conditions.runtimeids: servers of the executor API do not know this field"
    ),
    (
      #"{"conditions": {"executortype": "f"}, "args": [1]}"#, .runtime,
      "args[0]: expected a string, found the number 1"
    ),
    (
      #"{"conditions": {"runtimetype": "f"}, "env": {}, "env": {}}"#, .runtime,
      "env: the field is there twice"
    ),
    (#"{"conditions": {"runtimetype": "f"}, "priority": 99999}"#, .executor, "-50000 to 50000"),
    ("[]", .runtime, "expected an object, found a list"),
    ("null", .runtime, "expected an object, found null"),
  ]

  @Test("what cannot be meant is refused with file, field, expected and found", arguments: refused)
  func refusal(text: String, api: API, message: String) {
    #expect(
      performing: { try Self.spec(text, api) },
      throws: {
        "\($0)".hasPrefix("process.json: ") && "\($0)".contains(message)
      })
  }

  @Test("fields without a demand do no harm in the other API")
  func emptyFields() throws {
    _ = try Self.spec(
      #"{"conditions": {"executortype": "f", "executornames": [], "storage": "", "gpu": {"count": 0}}, "kwargs": {}, "priority": 0, "label": null, "maxwaittime": -1}"#
    )
    _ = try Self.spec(
      #"{"conditions": {"runtimetype": "f", "runtimeids": []}, "image": "", "volumes": [], "ports": null}"#,
      .executor)
  }

  @Test("all problems are told together")
  func allProblems() {
    #expect(
      performing: { try Self.spec(#"{"a": 1, "conditions": {"b": 2}}"#) },
      throws: {
        "\($0)" == "process.json: a: unknown field\nprocess.json: conditions.b: unknown field"
      })
  }

  @Test(
    "malformed JSON is told with line and column",
    arguments: [
      (
        "{\n  not json\n}",
        "process.json:2:3: invalid character 'n' looking for beginning of object key string"
      ),
      ("{\"ä\": x}", "process.json:1:7: invalid character 'x' looking for beginning of value"),
      ("", "process.json:1:1: unexpected end of JSON input"),
      ("{}\n\n}", "process.json:3:1: invalid character '}' after top-level value"),
    ])
  func syntax(text: String, message: String) {
    #expect(performing: { try Self.spec(text) }, throws: { "\($0)" == message })
  }

  @Test("a file that is not there is told with its name")
  func missingFile() async throws {
    let run = try await CommandRun(
      ["process", "submit", "--spec", "/nowhere/process.json"],
      environment: ["RUNTIMEPRVKEY": TestKeys.cli.hexadecimal], server: FakeServer([:]))
    #expect(run.exitCode == 1)
    #expect(run.errors == "Error: cannot read /nowhere/process.json: No such file or directory\n")
  }

  @Test("workers are described in either API's words")
  func executors() throws {
    func executor(_ text: String) throws -> Executor {
      try ExecutorSpec.executor(try SpecFile(name: "runtime.json", bytes: Array(text.utf8)))
    }
    let old = try executor(#"{"name": "fib", "runtimetype": "fibonacci", "cores": 1, "mem": 1000}"#)
    #expect(old == Executor(id: "", type: "fibonacci", name: "fib", cores: 1, memory: 1000))
    let new = try executor(#"{"executorname": "fib", "executortype": "fibonacci"}"#)
    #expect(new == Executor(id: "", type: "fibonacci", name: "fib"))
    #expect(
      performing: { try executor("{}") },
      throws: {
        "\($0)".contains("name (or executorname): missing") && "\($0)".contains("runtimetype")
      })
  }
}
