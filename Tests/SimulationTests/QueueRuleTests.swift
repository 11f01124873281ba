import Simulation
import Testing

/// What becomes of processes, worked out by hand.
@Suite("The simulated queue and its workers")
struct QueueRuleTests {
  @Test("a busy pod that is removed finishes within the grace period")
  func grace() throws {
    let outcome = try Simulation.exact().run(
      [SimulatedProcess].burst(2, lasting: 25), Scripted(from: 2, [(10, .replicas(0))]))
    #expect(outcome.done == 2 && outcome.requeued == 0)
    #expect(outcome.busyRemoved == 2 && outcome.busyKilled == 0)
    #expect(outcome.podSeconds == 50)
  }

  @Test("a busy pod that does not is killed, and its process begins anew elsewhere")
  func kill() throws {
    let outcome = try Simulation.exact().run(
      [SimulatedProcess].burst(2, lasting: 100), Scripted(from: 2, [(10, .replicas(1))]))
    // Killed at 10 + 30 s. The other pod is done at 100 s, and with the second one at 200 s.
    #expect(outcome.done == 2 && outcome.requeued == 1)
    #expect(outcome.busyRemoved == 1 && outcome.busyKilled == 1)
    #expect(outcome.podSeconds == 40 + 200)
    #expect(outcome.cost == 240.0 / 200)
    // It ended at 200 s, of which 100 s were the work that counted.
    #expect(outcome.waits.max == .seconds(100))
    #expect(outcome.length == .seconds(200))
  }

  @Test("what a killed worker had is running until the queue learns of it")
  func recovery() throws {
    var simulation = Simulation.exact()
    simulation.queue.recovery = .seconds(600)
    let outcome = try simulation.run(
      [SimulatedProcess].burst(2, lasting: 100), Scripted(from: 2, [(10, .replicas(1))]))
    #expect(outcome.length == .seconds(40 + 600 + 100))
  }

  @Test("the lease brings it back sooner, and is a retry")
  func leaseOfLost() throws {
    var simulation = Simulation.exact()
    simulation.queue.recovery = .seconds(600)
    simulation.queue.lease = .seconds(120)
    simulation.queue.maxRetries = 0
    let outcome = try simulation.run(
      [SimulatedProcess].burst(2, lasting: 100), Scripted(from: 2, [(10, .replicas(1))]))
    #expect(outcome.done == 1 && outcome.failed == 1 && outcome.requeued == 0)
    #expect(outcome.length == .seconds(120))
  }

  @Test("a process that takes longer than its lease comes back, until it fails")
  func lease() throws {
    var simulation = Simulation.exact()
    simulation.queue.lease = .seconds(20)
    simulation.queue.maxRetries = 2
    let outcome = try simulation.run([SimulatedProcess].burst(1, lasting: 50), Scripted(from: 1))
    // Taken at 0, 50 and 100 s, as the worker does not know that it is in vain; the third lease ends at 120 s.
    #expect(outcome.done == 0 && outcome.failed == 1 && outcome.requeued == 2)
    #expect(outcome.cost == nil && outcome.waits.max == nil)
    #expect(outcome.podSeconds == 120)
  }

  @Test("a process that comes back is in front of those submitted later")
  func front() throws {
    let processes = [SimulatedProcess].burst(2, lasting: 100) + .burst(1, at: 5, lasting: 1_000)
    let outcome = try Simulation.exact().run(processes, Scripted(from: 2, [(10, .replicas(1))]))
    // At 100 s the remaining pod takes what was killed at 40 s, at 200 s what was submitted at 5 s.
    #expect(outcome.waits.max == .seconds(195))
  }

  @Test("a step of priority is worth a day")
  func priority() throws {
    let processes =
      [SimulatedProcess].burst(1, lasting: 10) + .burst(1, at: 1, lasting: 10)
      + .burst(1, at: 2, lasting: 100, priority: 1)
    let outcome = try Simulation.exact().run(processes, Scripted(from: 1))
    // The third one goes at 10 s, the second one at 110 s.
    #expect(outcome.waits.max == .seconds(109))
  }

  @Test("processes of other types are passed over")
  func types() throws {
    var simulation = Simulation.exact()
    simulation.executorType = "gpu"
    var processes = [SimulatedProcess].burst(3, lasting: 10)
    processes[1].executorType = "gpu"
    let outcome = try simulation.run(processes, Scripted(from: 1))
    #expect(outcome.submitted == 1 && outcome.done == 1)
  }

  @Test("nobody works where nobody is: the simulation ends, and says so")
  func unfinished() throws {
    var simulation = Simulation.exact()
    simulation.patience = .seconds(50)
    let outcome = try simulation.run([SimulatedProcess].burst(2, at: 10, lasting: 1), Scripted())
    #expect(outcome.unfinished == 2 && outcome.done == 0)
    #expect(outcome.length == .seconds(60))
  }

  @Test("nothing submitted is nothing done")
  func empty() throws {
    let outcome = try Simulation.exact().run([SimulatedProcess](), Scripted(from: 1))
    #expect(outcome.submitted == 0 && outcome.length == .zero && outcome.cost == nil)
  }

  @Test("a tail is paid for")
  func tail() throws {
    var simulation = Simulation.exact()
    simulation.tail = .seconds(25)
    let outcome = try simulation.run([SimulatedProcess].burst(1, lasting: 10), Scripted(from: 1))
    #expect(outcome.podSeconds == 35 && outcome.length == .seconds(35))
  }
}
