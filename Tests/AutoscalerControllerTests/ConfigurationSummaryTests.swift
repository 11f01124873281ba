import JSON
import Testing
import YAML

@testable import AutoscalerController

@Suite("Configurations for machines")
struct ConfigurationSummaryTests {
  @Test("a valid configuration lists what is in force, without values that may be private")
  func valid() throws {
    let configuration = try AutoscalerConfiguration(
      reading: Array(AutoscalerConfiguration.example.utf8), file: "config.yaml")
    let json = try JSONValue(parsing: configuration.jsonSummary)
    #expect(json["valid"] == true)
    #expect(json["servers"]?[0]?["url"] == "http://localhost:50080")
    let scaler = json["scalers"]?[0]
    #expect(scaler?["max"] == 4)
    #expect(scaler?["scaleDown"]?["idleForSeconds"]?.double == 60)
    #expect(scaler?["fallback"]?["replicas"] == 1)
    #expect(scaler?["target"]?["environment"] == ["COLONYPRVKEY_FILE"])
  }

  @Test("problems have their places as fields")
  func invalid() throws {
    let problem = YAMLProblem(mark: YAMLMark(line: 3, column: 7), path: "a.b", message: "must be c")
    let error = ConfigurationError.invalid(YAMLError(file: "f", problems: [problem]))
    let json = try JSONValue(parsing: error.jsonSummary)
    #expect(
      json == [
        "valid": false,
        "problems": [["file": "f", "line": 3, "column": 7, "path": "a.b", "message": "must be c"]],
      ])
  }
}
