import Foundation
import PlaitReport
import TestSupport
import Testing

@Suite("Text")
struct TextTests {
    @Test(
        "integers print as themselves",
        arguments: [0, 1, 9, 10, 99, 100, -1, -10, 1_234_567_890, .max, .min] as [Int64]
    )
    func integers(number: Int64) {
        #expect(Text.make { $0.append(number) } == String(number))
        let unsigned = UInt64(bitPattern: number)
        #expect(Text.make { $0.append(unsigned) } == String(unsigned))
    }

    @Test("fixed places are exact, also for small and negative numbers")
    func fixedPlaces() {
        #expect(Text.make { $0.append(1_500, places: 3) } == "1.500")
        #expect(Text.make { $0.append(7, places: 6) } == "0.000007")
        #expect(Text.make { $0.append(-7, places: 6) } == "-0.000007")
        #expect(Text.make { $0.append(-12_345_678, places: 6) } == "-12.345678")
        #expect(Text.make { $0.append(Int64.min, places: 9) } == "-9223372036.854775808")
        #expect(Text.make { $0.append(0, places: 1) } == "0.0")
    }

    @Test("quotients round halves up and survive large products")
    func quotients() {
        #expect(ratio(1, 1, over: 2) == 1)
        #expect(ratio(1, 1, over: 3) == 0)
        #expect(ratio(5, 1, over: 3) == 2)
        #expect(ratio(.max, 8_000_000_000, over: .max) == 8_000_000_000)
        #expect(ratio(1, 1, over: 0) == 0)
    }

    @Test("CSV fields are quoted by RFC 4180, and only when they must be")
    func fields() {
        func field(_ text: String) -> String { Text.make { $0.append(field: text) } }
        #expect(field("wifi/client>server") == "wifi/client>server")
        #expect(field("a,b") == "\"a,b\"")
        #expect(field("say \"hi\"") == "\"say \"\"hi\"\"\"")
        #expect(field("two\nlines") == "\"two\nlines\"")
        #expect(field("") == "")
    }

    @Test("JSON keeps the order of keys and escapes what it must, pretty or compact")
    func json() throws {
        func build(pretty: Bool) -> String {
            var json = JSONWriter(pretty: pretty)
            json.object { json in
                json.key("z")
                json.value("a\"b\\c\n\u{1}é🙂")
                json.key("a")
                json.array { json in
                    json.value(UInt64.max)
                    json.value(Int64.min)
                    json.value(-15, places: 1)
                    json.value(true)
                    json.null()
                    json.array { _ in }
                    json.object { _ in }
                }
            }
            return json.document.string
        }
        let compact =
            #"{"z":"a\"b\\c\n\u0001é🙂","a":[18446744073709551615,-9223372036854775808,-1.5,true,null,[],{}]}"#
        #expect(build(pretty: false) == compact)
        let pretty = build(pretty: true)
        #expect(pretty.hasPrefix("{\n  \"z\": \"a") && pretty.hasSuffix("\n  ]\n}\n"))
        let parsed = try JSONSerialization.jsonObject(with: Data(pretty.utf8)) as? [String: Any]
        #expect(parsed?["z"] as? String == "a\"b\\c\n\u{1}é🙂")
    }

    @Test("a value of an object without a key is a bug that traps")
    func jsonMisuse() async {
        await #expect(processExitsWith: .failure) {
            var json = JSONWriter(pretty: false)
            json.object { $0.value(true) }
        }
    }

    @Test("people read three digits and a unit")
    func readable() {
        #expect(Readable.rate(19_870_000) == "19.9 Mbps")
        #expect(Readable.rate(999_950) == "1.00 Mbps")
        #expect(Readable.rate(999_499) == "999 kbps")
        #expect(Readable.rate(999) == "999 bps")
        #expect(Readable.rate(25_000_000_000_000) == "25,000 Gbps")
        #expect(Readable.duration(21_300_000) == "21.3 ms")
        #expect(Readable.bytes(0) == "0 B")
        #expect(Readable.count(1_234_567) == "1,234,567")
        #expect(Readable.count(100) == "100")
        #expect(Readable.percent(1, of: 3) == "33.33 %")
        #expect(Readable.percent(1, of: 1_000_000) == "<0.01 %")
        #expect(Readable.percent(0, of: 7) == "0 %")
    }
}
