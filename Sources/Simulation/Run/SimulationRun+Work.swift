extension SimulationRun {
  /// Puts a process into the queue, for the first time or again.
  mutating func enqueue(_ process: QueuedProcess) {
    waiting.insert(process)
    assign()
  }

  /// Gives what waits to the workers that ask.
  mutating func assign() {
    while let worker = pool.nextWorker, let process = waiting.removeFirst() {
      let leaseEndsAt = lease.map { now.later($0) } ?? .max
      pool.take(process, worker, leaseEndsAt: leaseEndsAt)
      running += 1
      tally.taken += 1
      let generation = pool[worker].generation
      // A process that ends as its lease ends has ended.
      events.add(.processEnds, at: now.later(process.serviceTime), subject: worker, generation: generation)
      if leaseEndsAt < .max {
        events.add(.leaseEnds, at: leaseEndsAt, subject: worker, generation: generation)
      }
    }
  }

  /// A worker has finished: it closes its process, if it still has it, and asks for the next.
  mutating func endProcess(_ place: Int) {
    let pod = pool[place]
    if let process = pod.process, !pod.hasLostProcess {
      running -= 1
      tally.done += 1
      doneList.add(process.serviceTime)
      jobSeconds += Double(process.serviceTime) / 1e9
      waits.record(now - process.submittedAt - process.serviceTime)
    }
    pool.release(place)
    assign()
  }

  /// The grace period is over: a worker that still has a process is killed with it.
  mutating func kill(_ place: Int) {
    let pod = pool[place]
    guard pod.phase == .leaving, let process = pod.process else { return }
    tally.busyKilled += 1
    if !pod.hasLostProcess {
      let back = now.later(recovery)
      let loss = LostProcesses.Loss(process: process, byLease: pod.leaseEndsAt < back)
      events.add(.processIsBack, at: min(back, pod.leaseEndsAt), subject: lost.add(loss))
    }
    pool.release(place)
  }

  /// A lease is over: the process is back in the queue, or fails. Its worker does not know, and goes on.
  mutating func endLease(_ place: Int, _ generation: UInt32) {
    guard pool.holds(place, generation: generation) else { return }
    let pod = pool[place]
    guard let process = pod.process, pod.leaseEndsAt == now, !pod.hasLostProcess else { return }
    pool.loseProcess(place)
    comeBack(process, byLease: true)
  }

  mutating func bringBack(_ index: Int) {
    let loss = lost.remove(index)
    comeBack(loss.process, byLease: loss.byLease)
  }

  private mutating func comeBack(_ process: QueuedProcess, byLease: Bool) {
    running -= 1
    var process = process
    if byLease {
      if let most = settings.queue.maxRetries, process.retries >= most {
        tally.failed += 1
        return
      }
      process.retries += 1
    }
    tally.requeued += 1
    enqueue(process)
  }
}
