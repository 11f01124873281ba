import Colonies
import ColoniesTestSupport
import JSON
import Testing

@Suite("Cryptography agrees with the recorded vectors")
struct CryptographyTests {
  static let vectors = Fixtures.json("crypto.json")
  static let positive = vectors["positive"]?.array ?? []
  static let negative = vectors["negative_signatures"]?.array ?? []
  static let keys = vectors["private_key_edge_cases"]?.array ?? []

  @Test func vectorsArePresent() {
    #expect(Self.positive.count == 45)
    #expect(Self.negative.count == 20)
    #expect(Self.keys.count == 12)
  }

  @Test("signing, hashing and recovering", arguments: positive)
  func signsAndRecovers(vector: JSONValue) throws {
    let key = try PrivateKey(hexadecimal: try #require(vector["prvkey"]?.string))
    let message = try Hexadecimal.decode(try #require(vector["message_hex"]?.string))
    let text = String(decoding: message, as: UTF8.self)
    #expect(key.publicKey == vector["pubkey"]?.string)
    #expect(key.id == vector["id"]?.string)
    #expect(Hexadecimal.encode(SHA3.hash256(message)) == vector["sha3_256"]?.string)
    let signature = try #require(vector["signature"]?.string)
    #expect(Signature.sign(text, with: key) == signature)
    #expect(try Signature.signer(of: text, signature: signature) == key.id)
  }

  @Test("verdicts on damaged signatures", arguments: negative, [API.runtime, .executor])
  func judges(vector: JSONValue, api: API) throws {
    let text = try #require(vector["message_utf8"]?.string)
    let signature = try #require(vector["signature"]?.string)
    let verdict = try #require(vector[api == .runtime ? "lib_2022" : "lib_v1.9"])
    do {
      let id = try Signature.signer(of: text, signature: signature)
      #expect(id == verdict["id"]?.string)
    } catch {
      #expect(error.message(api) == verdict["err"]?.string)
    }
  }

  @Test("private keys at the edges", arguments: keys)
  func edge(vector: JSONValue) throws {
    let verdict = try #require(vector["lib_v1.9"])
    do {
      let key = try PrivateKey(hexadecimal: try #require(vector["prvkey"]?.string))
      #expect(key.id == verdict["id"]?.string)
      #expect(key.publicKey == verdict["pub"]?.string)
    } catch let error as PrivateKey.Failure {
      #expect(error.description == verdict["err"]?.string)
    }
  }

  @Test func newKeysDifferAndRoundTrip() throws {
    let key = PrivateKey()
    #expect(try PrivateKey(hexadecimal: key.hexadecimal) == key)
    #expect(PrivateKey() != key)
  }

  @Test func aKeyNeverPrintsItself() {
    let key = PrivateKey()
    for text in ["\(key)", String(reflecting: key), "\([key])", "\(Optional(key) as Any)"] {
      #expect(!text.contains(key.hexadecimal))
    }
    var dumped = ""
    dump(key, to: &dumped)
    #expect(!dumped.contains(key.hexadecimal))
  }
}
