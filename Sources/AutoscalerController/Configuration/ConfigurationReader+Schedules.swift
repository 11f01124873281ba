internal import Autoscaling
internal import Files
internal import YAML

extension ConfigurationReader {
  /// Bounds at certain times.
  func schedules(_ node: StrictNode) -> [ScalingSchedule]? {
    node.list(count: 1...100) { node in
      node.mapping { schedule in
        let from = schedule.required("from")?.string()
        let to = schedule.required("to")?.string()
        let zone = self.zone(&schedule)
        let max = schedule.optional("max")?.integer(in: ScalingPolicy.replicasRange)
        let fewest = ScalingPolicy.replicasRange.lowerBound
        let most = max ?? ScalingPolicy.replicasRange.upperBound
        let min = schedule.optional("min")?.integer(in: fewest...most)
        if !schedule.keys.contains("min"), !schedule.keys.contains("max") {
          schedule.report("must have a min, a max or both")
        }
        guard let from, let to, let zone else { return nil }
        do throws(ScalingScheduleError) {
          return try ScalingSchedule(
            from: from, to: to, timeZone: zone.name, zoneFile: zone.file, min: min, max: max)
        } catch {
          schedule.report(error.message, at: error.part.rawValue)
          return nil
        }
      }
    }
  }

  private func zone(_ schedule: inout StrictMapping) -> (name: String, file: [UInt8]?)? {
    guard let node = schedule.optional("timeZone") else { return ("UTC", nil) }
    guard let name = node.string(length: 1...64) else { return nil }
    if name == "UTC" { return (name, nil) }
    guard ZoneFiles.isName(name) else {
      node.report("must be the name of a time zone like Europe/Stockholm")
      return nil
    }
    do throws(FileError) {
      return (name, try zones.load(name))
    } catch {
      node.report("must be the name of a time zone on this machine like Europe/Stockholm: \(error.reason)")
      return nil
    }
  }
}
