import Autoscaling
import Testing

@Suite("Durations for people")
struct DurationSpelledOutTests {
  @Test(
    "with the precision that is needed",
    arguments: [
      (.zero, "0 s"), (.microseconds(10), "0 s"), (.milliseconds(850), "850 ms"),
      (.milliseconds(2_550), "2.5 s"),
      (.milliseconds(9_050), "9 s"), (.milliseconds(42_900), "42 s"), (.seconds(60), "1 m"),
      (.seconds(200), "3 m 20 s"), (.seconds(18_720), "5 h 12 m"), (.seconds(7_200), "2 h"),
      (.seconds(273_600), "3 d 4 h"), (.seconds(-200), "-3 m 20 s"), (.milliseconds(-5), "-5 ms"),
    ] as [(Duration, String)])
  func spelledOut(duration: Duration, text: String) {
    #expect(duration.spelledOut == text)
  }
}
