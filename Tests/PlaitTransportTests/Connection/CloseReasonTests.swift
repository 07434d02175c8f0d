import PlaitCore
import PlaitTransport
import Testing

@Suite("Why a connection ended")
struct CloseReasonTests {
    @Test("codes read as in the page of the wire format")
    func codes() {
        #expect(CloseCode.protocolViolation.description == "0x08")
        #expect(CloseCode(0x1234).description == "0x1234")
        let violation = CloseReason.violation(.flowControl, reason: "too much")
        #expect(violation.description == "the peer broke the protocol: 0x02 (too much)")
    }

    @Test("a missing capability has its number, silence has none")
    func handshakes() {
        let missing = CloseReason.handshake(.missingCapability(atPeer: 4, here: 0)).description
        #expect(missing.hasPrefix("the handshake failed with 0x07: "))
        let silent = CloseReason.handshake(.noAnswer(after: .seconds(10))).description
        #expect(silent.hasPrefix("the handshake failed: no answer"))
    }
}
