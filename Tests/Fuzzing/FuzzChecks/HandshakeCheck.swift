import PlaitCore
import PlaitCrypto
import PlaitTransport

/// What must hold of one end of a handshake, whatever a hostile network does to it. Answers nil, or what is wrong.
///
/// The first byte of an input says which pattern and which end, the rest is what happens to that end: each operation is
/// one byte and its operands. Both ends draw from fixed seeds, so the packets of one genuine handshake fit every time,
/// and nothing but these may bring an end to keys.
package enum HandshakeCheck {
    package static func any(_ bytes: RawSpan) -> String? {
        var network = HostileNetwork(Array(copying: bytes))
        let choice = network.byte()
        let scene = choice & 1 == 0 ? HandshakeScene.xx : HandshakeScene.ik
        return choice & 2 == 0 ? server(in: scene, &network) : client(in: scene, &network)
    }

    private static func server(in scene: HandshakeScene, _ network: inout HostileNetwork) -> String? {
        var secrets = HandshakeScene.secrets()
        var now = Instant.start
        var gate = HandshakeScene.gate(&secrets)
        var buffer = [UInt8](repeating: 0, count: 1_500)
        var received = 0
        var sent = 0
        var isEstablished = false
        while !network.isExhausted {
            switch network.byte() % 4 {
            case 0:
                let datagram = network.datagram()
                received += datagram.count
                let event = HandshakeScene.deliver(datagram, to: &gate, &secrets, now: now)
                guard event == .nothing else { return "a server has keys out of thin air" }
            case 1:
                let (datagram, holdsMessage) = network.changed(scene.packets)
                received += datagram.count
                guard HandshakeScene.deliver(datagram, to: &gate, &secrets, now: now) != .nothing else { break }
                guard holdsMessage else { return "a server has keys of a message that nobody wrote" }
                isEstablished = true
            case 2:
                now = now + .milliseconds(50 * Int64(network.byte()))
                gate.deadlineReached(now: now)
                guard gate.deadline > now else { return "a server's deadline stays due" }
            default:
                var span = buffer.mutableSpan
                var target = span.mutableRaw
                while let transmit = gate.nextTransmit(into: &target, now: now) { sent += transmit.length }
            }
            // More are let in only with a cookie for their own bytes, and nothing here asks for one and shows it.
            guard gate.waiting <= HandshakeScene.halfOpenMax else { return "more wait than may" }
            // The third message proves the address; before it, three times what came is the limit.
            guard isEstablished || sent <= 3 * received else { return "a server is an amplifier" }
        }
        return nil
    }

    private static func client(in scene: HandshakeScene, _ network: inout HostileNetwork) -> String? {
        var secrets = HandshakeScene.secrets()
        var now = Instant.start
        var initiator = scene.initiator(&secrets)
        var buffer = [UInt8](repeating: 0, count: 1_500)
        var isEstablished = false
        while !network.isExhausted {
            switch network.byte() % 4 {
            case 0:
                let progress = HandshakeScene.deliver(network.datagram(), to: &initiator, &secrets, now: now)
                guard progress == .nothing else { return "a client ends out of thin air" }
            case 1:
                let (datagram, holdsMessage) = network.changed(scene.packets)
                switch HandshakeScene.deliver(datagram, to: &initiator, &secrets, now: now) {
                case .nothing: break
                case .established where isEstablished: return "a client has keys twice"
                case .established where !holdsMessage: return "a client has keys of a message that nobody wrote"
                case .established: isEstablished = true
                case .failed: return "a client gives up without proof"
                }
            case 2:
                now = now + .milliseconds(50 * Int64(network.byte()))
                guard initiator.deadlineReached(now: now) != .established else { return "time alone brings keys" }
            default:
                var span = buffer.mutableSpan
                var target = span.mutableRaw
                while initiator.nextTransmit(into: &target, now: now) != nil {}
                guard initiator.deadline > now else { return "a client's deadline stays due" }
            }
        }
        let hasResult = initiator.takeResult() != nil
        return hasResult == isEstablished ? nil : "a client has keys and does not say so, or the reverse"
    }
}
