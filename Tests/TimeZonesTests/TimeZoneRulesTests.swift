import CivilCalendar
import Files
import TestSupport
import Testing

@testable import TimeZones

@Suite("Time zones")
struct TimeZoneRulesTests {
  static func zone(_ name: String) throws -> TimeZoneRules {
    try TimeZoneRules(reading: try File.bytes("/usr/share/zoneinfo/\(name)"))
  }

  /// What Python's `zoneinfo` says of the same files.
  @Test(
    "offsets agree with another implementation, long ago and far ahead",
    arguments: [
      (
        "Europe/Stockholm",
        [
          (3_685_818_424, 7_200), (-1_352_107_721, 3_600), (2_897_871_144, 3_600), (1_603_694_312, 3_600),
          (1_655_555_737, 7_200),
        ]
      ),
      ("America/New_York", [(-1_595_714_543, -14_400), (503_055_453, -18_000), (2_589_709_946, -18_000)]),
      (
        "Australia/Lord_Howe",
        [(-1_630_859_430, 36_000), (2_016_819_858, 39_600), (1_694_804_716, 37_800), (2_683_364_967, 39_600)]
      ),
      ("Asia/Kathmandu", [(-176_703_962, 19_800), (2_826_692_643, 20_700)]),
      ("Pacific/Apia", [(-1_428_018_515, -41_400), (-199_811_518, -39_600), (2_661_114_102, 46_800)]),
      ("Europe/Dublin", [(3_619_886_648, 3_600), (-1_223_786_101, 0), (2_748_976_840, 0)]),
      ("Africa/Casablanca", [(-1_193_100_091, 0), (2_713_428_434, 3_600), (1_634_838_299, 3_600)]),
      ("America/St_Johns", [(1_411_833_895, -9_000), (-951_613_445, -12_600), (2_144_780_074, -12_600)]),
      ("Antarctica/Troll", [(4_421_475_846, 0), (3_770_184_141, 7_200), (2_118_341_636, 0)]),
    ] as [(String, [(Int, Int)])])
  func offsets(name: String, samples: [(Int, Int)]) throws {
    let zone = try Self.zone(name)
    for (moment, offset) in samples { #expect(zone.offset(at: moment) == offset, "\(moment)") }
  }

  @Test("a time that clocks show becomes the moment at which they first do, or jump over it")
  func moments() throws {
    let zone = try Self.zone("Europe/Stockholm")
    let spring = CivilTime.day(year: 2026, month: 3, day: 29)
    let autumn = CivilTime.day(year: 2026, month: 10, day: 25)
    #expect(zone.seconds(at: CivilTime(day: spring, second: 2 * 3_600 - 1)) == 1_774_745_999)
    #expect(zone.seconds(at: CivilTime(day: spring, second: 2 * 3_600 + 1_800)) == 1_774_746_000)
    #expect(zone.seconds(at: CivilTime(day: spring, second: 3 * 3_600)) == 1_774_746_000)
    #expect(zone.seconds(at: CivilTime(day: autumn, second: 2 * 3_600 + 1_800)) == 1_792_888_200)
    #expect(zone.seconds(at: CivilTime(day: autumn, second: 3 * 3_600)) == 1_792_893_600)
  }

  @Test("every moment is found again by what clocks show", arguments: 0..<20 as Range<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let names = [
      "Europe/Stockholm", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Tehran",
    ]
    let zone = try Self.zone(random.element(of: names))
    for _ in 0..<500 {
      let moment = random.next(in: -1_000_000_000...4_000_000_000)
      let time = zone.civilTime(at: moment)
      let found = zone.seconds(at: time)
      #expect(zone.civilTime(at: found) == time)
      #expect(found <= moment && moment - found <= 7_200, "the first of at most two")
    }
  }

  @Test("dates are those of the calendar")
  func dates() {
    #expect(CivilTime.day(year: 1970, month: 1, day: 1) == 0)
    #expect(CivilTime.day(year: 2000, month: 3, day: 1) == 11_017)
    #expect(CivilTime(seconds: -1).date == (1969, 12, 31))
    #expect(CivilTime(seconds: -1).second == 86_399)
    for day in stride(from: -800_000, through: 800_000, by: 37) {
      let date = CivilTime(day: day, second: 0).date
      #expect(CivilTime.day(year: date.year, month: date.month, day: date.day) == day)
    }
    #expect(CivilTime(day: CivilTime.day(year: 2026, month: 11, day: 22), second: 0).weekday == 0)
  }

  @Test(
    "rules for the years to come",
    arguments: [
      ("UTC0", true), ("<+0330>-3:30", true), ("EST5EDT,M3.2.0,M11.1.0", true),
      ("XXX-2YYY-3:15,J60/-1,300/25", true),
      ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", true), ("", false), ("UTC", false), ("A0", false),
      ("EST5EDT", false),
      ("EST5EDT,M13.1.0,M11.1.0", false), ("EST5EDT,M3.2.0,M11.1.0 ", false), ("<+03-3", false),
    ])
  func rules(text: String, isRule: Bool) {
    #expect((RecurringRule(text) != nil) == isRule)
  }

  @Test("days are counted with and without 29 February")
  func ruleDays() throws {
    let rule = try #require(RecurringRule("XXX0YYY,J60/0,300/0"))
    let begin = CivilTime.day(year: 2028, month: 3, day: 1) * 86_400
    #expect(rule.offset(at: begin - 1) == 0)
    #expect(rule.offset(at: begin) == 3_600)
    let end = (CivilTime.day(year: 2028, month: 1, day: 1) + 300) * 86_400 - 3_600
    #expect(rule.offset(at: end - 1) == 3_600)
    #expect(rule.offset(at: end) == 0)
  }

  @Test(
    "no file that is cut off or changed brings anything but an error or rules",
    arguments: 0..<8 as Range<UInt64>)
  func damaged(seed: UInt64) throws {
    let bytes = try File.bytes("/usr/share/zoneinfo/Europe/Stockholm")
    #expect(throws: TimeZoneError.notAZoneFile) { try TimeZoneRules(reading: Array("hello".utf8)) }
    for count in stride(from: 0, to: bytes.count, by: 13) {
      #expect(throws: TimeZoneError.self) { try TimeZoneRules(reading: Array(bytes.prefix(count))) }
    }
    var random = SplitMix64(seed: seed)
    for _ in 0..<300 {
      var changed = bytes
      for _ in 0..<3 { changed[random.next(in: 0...bytes.count - 1)] = UInt8(random.next(in: 0...255)) }
      guard let zone = try? TimeZoneRules(reading: changed) else { continue }
      #expect(abs(zone.offset(at: 1_800_000_000)) <= 93_600)
    }
  }
}
