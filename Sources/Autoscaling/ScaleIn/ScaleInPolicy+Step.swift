extension ScaleInPolicy {
  /// Says what to do now so that there will be as many replicas as wanted, without taking a busy worker.
  ///
  /// Pure. To be called with each new observation, also when nothing is to be taken away: it then finds and undoes
  /// what is left of earlier attempts, by whoever made them. `now` must not go backwards.
  ///
  /// The steps, each of them taken only on an observation that shows the one before done:
  /// 1. Choose idle workers, those that are easiest to take first, never more than are to go.
  /// 2. Have them take no more work.
  /// 3. Look again: one that took work is let free, and another is chosen.
  /// 4. Give the chosen pods the lowest deletion cost, unless all pods are chosen.
  /// 5. Wait until the costs have been seen and could be seen by the target.
  /// 6. Change the replicas, on the version of the target that was looked at, by as many as are out of service.
  /// 7. See who goes, and let free who stays.
  ///
  /// Beside that, who is busy gets a higher cost the longer it has been at work, for as long as somebody is to go.
  ///
  /// - Parameters:
  ///   - observation: What is known.
  ///   - wanted: How many replicas there should be.
  ///   - memory: What is remembered about this target; updated as if all actions were carried out.
  ///   - now: The moment of the observation, or later.
  public func step(
    _ observation: ScaleInObservation, wanted: Int, memory: inout ScaleInMemory, now: ScalingInstant
  ) -> ScaleInStep {
    var turn: ScaleInTurn
    do throws(ScaleInView.Missing) {
      turn = ScaleInTurn(self, try ScaleInView(observation), memory, wanted: wanted, now: now)
    } catch {
      return blindStep(observation.target, wanted: wanted, missing: error.part)
    }
    let step = turn.run()
    memory = turn.memory
    return step
  }

  /// Growing needs nothing but the target.
  private func blindStep(
    _ target: ScaleInObservation.Target?, wanted: Int, missing: ScaleInObstacle.Part
  ) -> ScaleInStep {
    var actions: [ScaleInAction] = []
    if let target, wanted > target.replicas {
      actions = [.setReplicas(wanted, revision: target.revision)]
    }
    let isLess = target.map { wanted < $0.replicas } ?? true
    return ScaleInStep(
      actions: actions, obstacles: isLess ? [.unknown(missing)] : [])
  }
}
