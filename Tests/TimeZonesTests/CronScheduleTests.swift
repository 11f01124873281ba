import CivilCalendar
import TestSupport
import Testing

@testable import TimeZones

@Suite("Cron schedules")
struct CronScheduleTests {
  private func moment(_ year: Int, _ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0) -> CivilTime
  {
    CivilTime(day: CivilTime.day(year: year, month: month, day: day), second: hour * 3_600 + minute * 60)
  }

  @Test(
    "the next moment",
    arguments: [
      ("0 8 * * 1-5", 2026, 11, 23, 8, 0), ("*/15 * * * *", 2026, 11, 22, 12, 15),
      ("5/20 13 * * *", 2026, 11, 22, 13, 5),
      ("0 0 29 2 *", 2028, 2, 29, 0, 0), ("30 6 1,15 * *", 2026, 12, 1, 6, 30),
      ("0 0 1 * 3", 2026, 11, 25, 0, 0),
      ("0 0 * * 7", 2026, 11, 29, 0, 0), ("0 0 * JAN-mar Sun", 2027, 1, 3, 0, 0),
      ("0 0 */10 * 1", 2026, 12, 21, 0, 0),
    ])
  func next(text: String, year: Int, month: Int, day: Int, hour: Int, minute: Int) throws {
    let schedule = try CronSchedule(text)
    let now = moment(2026, 11, 22, 12, 0).seconds
    let expected = moment(year, month, day, hour, minute).seconds
    #expect(schedule.first(after: now, in: .utc) == expected)
    #expect(schedule.last(notAfter: expected, in: .utc) == expected)
    #expect(try #require(schedule.last(notAfter: expected - 1, in: .utc)) <= now)
  }

  @Test("what clocks jump over comes when they jump, what they show twice comes once")
  func daylightSaving() throws {
    let zone = try TimeZoneRulesTests.zone("Europe/Stockholm")
    let daily = try CronSchedule("30 2 * * *")
    let jump = 1_774_746_000
    #expect(daily.first(after: jump - 3_600, in: zone) == jump)
    #expect(daily.first(after: jump, in: zone) == 1_774_830_600)
    let repeated = 1_792_888_200
    #expect(daily.first(after: repeated - 1, in: zone) == repeated)
    #expect(daily.first(after: repeated, in: zone) == repeated + 25 * 3_600)
    #expect(daily.last(notAfter: repeated + 7_200, in: zone) == repeated)
  }

  @Test("the last and the first moment are neighbours", arguments: 0..<20 as Range<UInt64>)
  func neighbours(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let zone = try TimeZoneRulesTests.zone(
      random.element(of: ["Europe/Stockholm", "Australia/Lord_Howe", "UTC"]))
    let texts = ["0 8 * * 1-5", "30 2 * * *", "*/20 1-3 * * *", "15 0 1 * *", "0 0 * * 0"]
    let schedule = try CronSchedule(random.element(of: texts))
    for _ in 0..<100 {
      let now = random.next(in: 1_700_000_000...1_900_000_000)
      let next = try #require(schedule.first(after: now, in: zone))
      let last = try #require(schedule.last(notAfter: now, in: zone))
      #expect(last <= now && now < next)
      #expect(schedule.first(after: last, in: zone) == next)
      #expect(schedule.last(notAfter: next, in: zone) == next)
      #expect(schedule.last(notAfter: next - 1, in: zone) == last)
    }
  }

  @Test(
    "what is wrong is told",
    arguments: [
      ("0 8 * *", "must have five fields like `0 8 * * 1-5`, has 4"),
      ("60 8 * * *", "must have a minute from 0 to 59, got 60"),
      ("0 8 * Foo *", "must have a month from 1 to 12 or a name like jan, got Foo"),
      ("0 8 5-2 * *", "must have a day of the month that ends after it begins, got 5-2"),
      ("*/0 8 * * *", "must have a step from 1 to 59 after the /, got */0"),
      ("0 8 31 2 *", "must have a day that some year has"),
      ("0, 8 * * *", "must have a minute from 0 to 59, got "),
    ])
  func problems(text: String, message: String) {
    let error = #expect(throws: CronSchedule.ParsingError.self) { try CronSchedule(text) }
    #expect(error?.description == message)
  }
}
