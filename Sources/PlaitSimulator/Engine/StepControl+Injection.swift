package import PlaitCore
import PlaitNetwork

extension Simulator {
    /// Puts a packet that nobody sent among those that wait, as from the address that it claims: an attacker's.
    ///
    /// The trace counts it as sent by the host whose address it bears, so that what comes out still equals what went
    /// in.
    ///
    /// - Returns: Its serial.
    package mutating func inject(_ bytes: [UInt8], from source: SocketAddress, to destination: SocketAddress) -> UInt64
    {
        precondition(control != nil, "packets are injected by whoever has control")
        precondition(bytes.count <= fabric.packets.capacity, "a datagram beyond its buffer")
        countStep()
        let packet = fabric.packets.take()
        var storage = fabric.packets.storage(packet)
        for index in bytes.indices { storage.storeBytes(of: bytes[index], toByteOffset: index, as: UInt8.self) }
        var record = PacketRecord()
        record.serial = fabric.nextSerial()
        record.length = UInt32(bytes.count)
        record.source = source
        record.destination = destination
        fabric.packets[packet] = record
        fabric.packets[packet].digest = fabric.packets.bytes(packet).digest
        let claimed = Int(topology.owner(of: source.interface).index)
        hosts[claimed].counters.sent += 1
        note(.sent, packet, at: claimed, detail: fabric.packets[packet].digest)
        control?.hold(packet)
        return record.serial
    }
}
