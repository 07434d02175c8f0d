extension Simulator {
    /// Asks a seat for its packets and its deadline, after an application's call on its endpoint. In the
    /// step-controlled mode nothing else would: what was written waits until a packet comes or the timer fires.
    package mutating func attend(seat: Int) {
        precondition(control != nil, "a seat is attended by whoever has control")
        pump(seat: seat)
    }
}
