import Colonies
import Testing

@testable import ColoniesServer

@Suite("The date of a response") struct DateHeaderTests {
  @Test(
    "is written as HTTP asks",
    arguments: [
      (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
      (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
      (1_709_251_199, "Thu, 29 Feb 2024 23:59:59 GMT"),
    ])
  func text(second: Int64, text: String) {
    #expect(DateHeader().text(at: Timestamp(nanoseconds: second * 1_000_000_000)) == text)
  }

  @Test("changes with the second, forth and back") func change() {
    let date = DateHeader()
    let texts = [999_999_999, 1_000_000_000, 1_999_999_999, 500].map {
      date.text(at: Timestamp(nanoseconds: $0))
    }
    #expect(texts.map { $0.dropFirst(23) } == ["00 GMT", "01 GMT", "01 GMT", "00 GMT"])
  }
}
