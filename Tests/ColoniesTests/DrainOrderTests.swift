import Colonies
import JSON
import Testing

@Suite struct DrainOrderTests {
  private let worker = ExecutorReference(
    id: "5e1f", name: "fib-7c9d-x2x4z", colony: ColonyReference(id: "c0de", name: "math"))

  @Test("the executor API's order is first in the queue, addressed by name, and ends by itself")
  func executorAPI() {
    let json = DrainOrder.make(for: worker, executorType: "fibonacci", api: .executor).json(.executor)
    #expect(json["conditions"]?["colonyname"] == "math")
    #expect(json["conditions"]?["executortype"] == "fibonacci")
    #expect(json["conditions"]?["executornames"] == ["fib-7c9d-x2x4z"])
    #expect(json["funcname"] == "drain")
    #expect(json["env"] == ["COLONIES_DRAIN": "true"])
    #expect(json["priority"] == 10_000)
    #expect(json["maxexectime"] == 60)
    #expect(json["maxwaittime"] == 30)
    #expect(json["maxretries"] == 0)
  }

  @Test("the runtime API's order is addressed by id and does not repeat for ever")
  func runtimeAPI() {
    let json = DrainOrder.make(for: worker, executorType: "fibonacci", lease: .seconds(20), api: .runtime)
      .json(.runtime)
    #expect(json["conditions"]?["colonyid"] == "c0de")
    #expect(json["conditions"]?["runtimetype"] == "fibonacci")
    #expect(json["conditions"]?["runtimeids"] == ["5e1f"])
    #expect(json["env"] == ["COLONIES_DRAIN": "true"])
    #expect(json["maxexectime"] == 20)
    #expect(json["maxretries"] == 1)
  }

  @Test(
    "a lease has at least one second and is never shortened",
    arguments: [
      (Duration.zero, 1), (.milliseconds(1), 1), (.seconds(1), 1), (.milliseconds(1001), 2),
      (.seconds(-5), 1),
    ])
  func lease(_ lease: Duration, _ seconds: Int) {
    #expect(
      DrainOrder.make(for: worker, executorType: "t", lease: lease, api: .executor).maxExecutionTime
        == seconds)
  }

  @Test(
    "an order is recognised after the way over the wire, and work is not taken for one",
    arguments: API.allCases)
  func isDrain(_ api: API) throws {
    let order = DrainOrder.make(for: worker, executorType: "fibonacci", api: api)
    let reader = try JSONReader(order.json(api), structure: "spec")
    let read = try ProcessSpec(reader, api: api)
    #expect(DrainOrder.isDrain(read))
    #expect(DrainOrder.isDrain(Process(id: "1", spec: read)))
    #expect(!DrainOrder.isDrain(ProcessSpec()))
    #expect(!DrainOrder.isDrain(ProcessSpec(environment: ["COLONIES_DRAIN": "false"])))
    #expect(!DrainOrder.isDrain(ProcessSpec(functionName: "drain")))
  }
}
