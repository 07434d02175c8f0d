import PlaitCore

extension StreamSet {
    /// Whatever must hold after every call. It looks at every stream: for tests and simulations.
    package func checkInvariants() {
        var isFree = [Bool](repeating: false, count: streams.count)
        for slot in freeSlots { isFree[Int(slot)] = true }
        var (sum, consumed, highest) = (forgottenBytes.sent, forgottenBytes.received, forgottenBytes.received)
        var (runs, alive) = (0, 0)
        var members = [StreamLane](repeating: StreamLane(), count: lanes.count)
        for slot in streams.indices {
            if isFree[slot] {
                let isListed = resends.contains(slot) || fresh.contains(slot) || controls.contains(slot)
                precondition(!isListed && !news.contains(slot), "a forgotten stream waits for nothing")
                precondition(streams[slot].send.buffer.capacity == 0, "a forgotten stream keeps no bytes")
                precondition(streams[slot].receive.reassembly.capacity == 0, "a forgotten stream keeps no bytes")
                continue
            }
            alive += 1
            checkInvariants(of: slot)
            sum += streams[slot].send.buffer.next
            members[streams[slot].lane].streams += 1
            members[streams[slot].lane].unsent += streams[slot].send.unsent
            consumed += streams[slot].receive.window.consumed
            highest += streams[slot].receive.highest
            runs += streams[slot].receive.reassembly.runsBeyond
        }
        precondition(alive == index.count, "every stream that is not forgotten is found")
        precondition(sum == sent && sent <= sendLimit, "the peer's limit for all streams holds")
        for lane in lanes.indices {
            precondition(members[lane].streams == lanes[lane].streams, "the streams of a pin are counted")
            precondition(members[lane].unsent == lanes[lane].unsent, "bytes that were written and not sent are counted")
            let isPinned = lane > 0 && lanes[lane].streams > 0
            precondition((lanes[lane].pin != nil) == isPinned, "a lane has a pin while it has streams")
            for other in 0..<lane where isPinned {
                precondition(lanes[other].pin != lanes[lane].pin, "streams of one pin wait in one lane")
            }
        }
        precondition(highest == received && received <= window.limit, "this end's limit for all streams holds")
        precondition(consumed == window.consumed, "what was read on streams was read on the connection")
        precondition(runs == runsBeyond && runs <= buffers.gapsTotalMax, "few runs wait behind gaps")
    }

    private func checkInvariants(of slot: Int) {
        let id = streams[slot].id
        precondition(index[id] == slot, "a stream is found by its id")
        precondition(!streams[slot].isOver, "what is over is forgotten")
        streams[slot].send.checkInvariants(sendMax: sendMax)
        streams[slot].receive.checkInvariants(gapsMax: buffers.gapsMax)
        let hasResend = streams[slot].send.hasResend
        precondition(resends.contains(slot) == hasResend, "what is to be sent again waits for it")
        precondition(
            fresh.contains(slot) == (!hasResend && streams[slot].send.hasFresh),
            "what can be sent waits for it"
        )
        let lane = streams[slot].lane
        precondition(!resends.contains(slot) || resends.lane(of: slot) == lane, "lost bytes wait for their pin's path")
        precondition(!fresh.contains(slot) || fresh.lane(of: slot) == lane, "new bytes wait for their pin's path")
        precondition(controls.contains(slot) == streams[slot].owesControl, "what is to be told waits for it")
        precondition(news.contains(slot) == !streams[slot].news.isEmpty, "what is to be known waits for it")
        let kind = Int(id.value & 3)
        precondition(id.index < opened[kind], "an open stream was opened")
        let opener = id.opener == role ? openMax[Int(id.direction.rawValue)] : acceptMax[Int(id.direction.rawValue)]
        precondition(opened[kind] <= opener, "no more streams than were allowed")
    }
}
